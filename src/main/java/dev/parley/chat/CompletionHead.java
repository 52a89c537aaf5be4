package dev.parley.chat;

import dev.parley.postgres.Ids;
import java.time.Clock;

/// What an answer and all chunks of a stream have in common.
record CompletionHead(String id, long created, String model) {

    private static final String PREFIX = "chatcmpl-";

    static CompletionHead next(String model, Clock clock) {
        return new CompletionHead(
                Ids.format(PREFIX, Ids.next()), clock.instant().getEpochSecond(), model);
    }
}
