package dev.parley.batch;

import java.util.Locale;

/// Where a batch stands, in OpenAI's words.
enum BatchStatus {
    VALIDATING,
    FAILED,
    IN_PROGRESS,
    FINALIZING,
    COMPLETED,
    EXPIRED,
    CANCELLING,
    CANCELLED;

    /// As the API and the database have it.
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static BatchStatus of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
