package dev.parley.usage;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Whom a budget or a rate limit counts.
enum LimitScope {
    TENANT,
    USER,
    KEY,
    MODEL;

    static final Set<String> CODES =
            Arrays.stream(values()).map(LimitScope::code).collect(Collectors.toUnmodifiableSet());

    /// As the API and the database have it.
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static LimitScope of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
