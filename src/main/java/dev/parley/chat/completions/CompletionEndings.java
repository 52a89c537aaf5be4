package dev.parley.chat.completions;

import dev.parley.chat.Problems;
import dev.parley.postgres.Json;
import dev.parley.problem.ErrorEnvelope;
import dev.parley.problem.Problem;
import dev.parley.stream.Delivery;
import dev.parley.stream.Endings;

/// How a chat completion tells what its log lacks: as an error, which ends the stream for OpenAI's clients.
record CompletionEndings(Json json) implements Endings {

    @Override
    public String lost(Delivery.Lost lost) {
        return frame(Problems.eventsLost(lost.first(), lost.next() - 1));
    }

    @Override
    public String unfinished(Delivery.Unfinished unfinished) {
        return frame(Problems.lost(unfinished.lastDurable()));
    }

    private String frame(Problem problem) {
        return "data: " + json.write(ErrorEnvelope.of(problem)) + "\n\n";
    }
}
