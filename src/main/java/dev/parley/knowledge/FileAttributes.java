package dev.parley.knowledge;

import dev.parley.problem.Problem;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The `attributes` of a file in a store, which searches filter by, within OpenAI's limits.
final class FileAttributes {

    private static final int MAX_PAIRS = 16;
    private static final int MAX_KEY = 64;
    private static final int MAX_VALUE = 512;

    private FileAttributes() {}

    /// @param param where they stand in the request
    /// @throws Problem (400) unless every value is a string, a number or a boolean
    static Map<String, Object> check(String param, @Nullable Map<String, Object> attributes) {
        Map<String, Object> checked = limited(param, attributes);
        checked.forEach((key, value) -> {
            if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
                throw Problem.invalid(
                        param + "." + key, "Values of '%s' must be strings, numbers or booleans.".formatted(param));
            }
        });
        return checked;
    }

    /// Whether one more of this value keeps to the limits.
    static boolean hasRoom(Map<String, Object> attributes, String value) {
        return attributes.size() < MAX_PAIRS && value.length() <= MAX_VALUE;
    }

    private static Map<String, Object> limited(String param, @Nullable Map<String, Object> pairs) {
        if (pairs == null) {
            return Map.of();
        }
        if (pairs.size() > MAX_PAIRS) {
            throw Problem.invalid(param, "'%s' may hold at most %d pairs.".formatted(param, MAX_PAIRS));
        }
        pairs.forEach((key, value) -> check(param, key, value));
        return pairs;
    }

    private static void check(String param, String key, @Nullable Object value) {
        if (key.isEmpty() || key.length() > MAX_KEY || key.indexOf('\0') >= 0) {
            throw Problem.invalid(
                    param, "Keys of '%s' must have 1 to %d characters, none of them NUL.".formatted(param, MAX_KEY));
        }
        if (value instanceof String text && (text.length() > MAX_VALUE || text.indexOf('\0') >= 0)) {
            throw Problem.invalid(
                    param + "." + key,
                    "Values of '%s' must have at most %d characters, none of them NUL.".formatted(param, MAX_VALUE));
        }
    }
}
