package dev.parley.batch;

import dev.parley.chat.LineAnswer;
import dev.parley.chat.LineRequest;
import dev.parley.chat.completions.CompletionLines;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;

@ApplicationScoped
class Completions implements Endpoint {

    private final CompletionLines lines;

    Completions(CompletionLines lines) {
        this.lines = lines;
    }

    @Override
    public String path() {
        return "/v1/chat/completions";
    }

    @Override
    public LineAnswer run(LineRequest line) throws IOException, InterruptedException {
        return lines.run(line);
    }
}
