package dev.parley.chat.completions;

import dev.parley.postgres.Ids;
import java.time.Clock;
import java.util.UUID;

/// What an answer and all chunks of a stream have in common.
record CompletionHead(String id, long created, String model) {

    private static final String PREFIX = "chatcmpl-";

    static CompletionHead of(UUID turn, String model, Clock clock) {
        return new CompletionHead(Ids.format(PREFIX, turn), clock.instant().getEpochSecond(), model);
    }
}
