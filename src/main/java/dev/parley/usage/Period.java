package dev.parley.usage;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// How long a budget counts before it begins anew, in UTC.
enum Period {
    DAY,
    MONTH;

    static final Set<String> CODES = Arrays.stream(values()).map(Period::code).collect(Collectors.toUnmodifiableSet());

    /// As the API and the database have it.
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Period of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
