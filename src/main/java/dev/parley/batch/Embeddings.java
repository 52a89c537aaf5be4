package dev.parley.batch;

import dev.parley.chat.EmbeddingLines;
import dev.parley.chat.LineAnswer;
import dev.parley.chat.LineRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;

@ApplicationScoped
class Embeddings implements Endpoint {

    private final EmbeddingLines lines;

    Embeddings(EmbeddingLines lines) {
        this.lines = lines;
    }

    @Override
    public String path() {
        return "/v1/embeddings";
    }

    @Override
    public LineAnswer run(LineRequest line) throws IOException, InterruptedException {
        return lines.embedding(line);
    }
}
