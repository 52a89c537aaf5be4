package dev.parley.chat;

import dev.parley.postgres.Json;
import dev.parley.problem.ErrorEnvelope;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import dev.parley.stream.Delivery;
import dev.parley.stream.Endings;

/// How a chat completion tells what its log lacks: as an error, which ends the stream for OpenAI's clients.
record CompletionEndings(Json json) implements Endings {

    @Override
    public String lost(Delivery.Lost lost) {
        return frame(Problem.of(
                ProblemKind.UNAVAILABLE,
                "events_lost",
                "Events %d to %d of this stream were lost while the database was away."
                        .formatted(lost.first(), lost.next() - 1)));
    }

    @Override
    public String unfinished(Delivery.Unfinished unfinished) {
        return frame(Problems.lost(unfinished.lastDurable()));
    }

    private String frame(Problem problem) {
        return "data: " + json.write(ErrorEnvelope.of(problem)) + "\n\n";
    }
}
