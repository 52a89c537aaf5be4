package dev.parley.knowledge;

import org.jspecify.annotations.Nullable;

/// How files that come later are put into a store.
///
/// @param attributes a JSON object
/// @param chunking a `chunking_strategy` as clients write it, in JSON; null for Parley's own choice
public record Filing(String attributes, @Nullable String chunking) {

    public static final String ATTRIBUTES = "attributes";
    public static final String CHUNKING = "chunking_strategy";

    public static final Filing PLAIN = new Filing("{}", null);
}
