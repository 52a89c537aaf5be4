package dev.parley.api;

import java.util.LinkedHashMap;
import java.util.Map;

/// OpenAI's `metadata`: up to 16 pairs of strings, without NUL, which Postgres cannot keep.
public final class Metadata {

    private static final int MAX_PAIRS = 16;
    private static final int MAX_KEY = 64;
    private static final int MAX_VALUE = 512;

    private Metadata() {}

    /// @throws dev.parley.problem.Problem (400) for more, for longer ones, or for values that are no strings
    public static Map<String, String> read(JsonField metadata) {
        if (metadata.object().value().size() > MAX_PAIRS) {
            throw metadata.invalid("expected at most %d pairs.".formatted(MAX_PAIRS));
        }
        var pairs = new LinkedHashMap<String, String>();
        metadata.value().fieldNames().forEachRemaining(key -> {
            if (key.isEmpty() || key.length() > MAX_KEY || key.indexOf('\0') >= 0) {
                throw metadata.invalid("keys have 1 to %d characters, none of them NUL.".formatted(MAX_KEY));
            }
            pairs.put(key, text(metadata.get(key)));
        });
        return pairs;
    }

    private static String text(JsonField value) {
        String text = value.text(MAX_VALUE);
        if (text.indexOf('\0') >= 0) {
            throw value.invalid("values hold no NUL.");
        }
        return text;
    }
}
