package dev.parley.tool;

import java.util.Locale;

/// What became of a call.
public enum CallStatus {
    AWAITING_APPROVAL,
    /// It may run, once.
    APPROVED,
    DENIED,
    RUNNING,
    COMPLETED,
    /// It went wrong, surely without an effect.
    FAILED,
    /// Nobody knows whether it had its effect.
    IN_DOUBT;

    /// As the API and the database have it.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static CallStatus of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
