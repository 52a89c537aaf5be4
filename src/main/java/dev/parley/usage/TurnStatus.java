package dev.parley.usage;

import java.util.Locale;

/// Where a turn stands; the words are those of OpenAI's responses.
public enum TurnStatus {
    /// Waits for a worker.
    QUEUED,
    IN_PROGRESS,
    COMPLETED,
    /// Ended early with something to show: a limit, a filter, a stream that broke off.
    INCOMPLETE,
    FAILED,
    CANCELLED;

    public boolean isOver() {
        return this != QUEUED && this != IN_PROGRESS;
    }

    /// As the API and the database have it.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static TurnStatus of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
