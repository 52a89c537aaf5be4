package dev.parley.batch;

import dev.parley.chat.LineAnswer;
import dev.parley.chat.LineRequest;
import dev.parley.chat.responses.ResponseLines;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;

@ApplicationScoped
class Responses implements Endpoint {

    private final ResponseLines lines;

    Responses(ResponseLines lines) {
        this.lines = lines;
    }

    @Override
    public String path() {
        return "/v1/responses";
    }

    @Override
    public LineAnswer run(LineRequest line) throws IOException, InterruptedException {
        return lines.run(line);
    }
}
