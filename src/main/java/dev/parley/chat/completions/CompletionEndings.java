package dev.parley.chat.completions;

import dev.parley.chat.Problems;
import dev.parley.postgres.Json;
import dev.parley.problem.ErrorEnvelope;
import dev.parley.problem.Problem;
import dev.parley.stream.Delivery;
import dev.parley.stream.Endings;
import dev.parley.tool.StoredCall;
import java.util.List;
import java.util.function.Supplier;

/// How a chat completion tells what its log lacks: as an error, which ends the stream for OpenAI's clients.
///
/// @param calls of tools that change something, for a turn whose owner died; asked for then
record CompletionEndings(Json json, Supplier<List<StoredCall>> calls) implements Endings {

    @Override
    public String lost(Delivery.Lost lost) {
        return frame(Problems.eventsLost(lost.first(), lost.next() - 1));
    }

    @Override
    public String unfinished(Delivery.Unfinished unfinished) {
        return frame(Problems.lost(unfinished.lastDurable(), calls.get()));
    }

    private String frame(Problem problem) {
        return "data: " + json.write(ErrorEnvelope.of(problem)) + "\n\n";
    }
}
