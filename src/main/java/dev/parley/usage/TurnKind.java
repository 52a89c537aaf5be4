package dev.parley.usage;

import java.util.Locale;

/// What kind of paid work a turn is.
public enum TurnKind {
    CHAT_COMPLETION,
    RESPONSE,
    EMBEDDING,
    /// A tool that was called by the API.
    TOOL_CALL;

    /// As the database has it.
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static TurnKind of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
