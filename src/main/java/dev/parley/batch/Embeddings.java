package dev.parley.batch;

import dev.parley.chat.LineAnswer;
import dev.parley.chat.LineRequest;
import dev.parley.chat.embeddings.EmbeddingLines;
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
        return lines.run(line);
    }
}
