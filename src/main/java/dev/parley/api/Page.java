package dev.parley.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.problem.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// OpenAI's list envelope. Ask the database for one row more than the page holds: it tells whether there is more.
@RegisterForReflection
public record Page<T>(
        String object,
        List<T> data,
        @JsonProperty("first_id") @Nullable String firstId,
        @JsonProperty("last_id") @Nullable String lastId,
        @JsonProperty("has_more") boolean hasMore) {

    public static final int MAX_LIMIT = 100;

    /// @param rows up to `limit + 1` rows in the page's order
    /// @param id the public id of an item
    public static <R, T> Page<T> of(List<R> rows, int limit, Function<R, T> view, Function<T, String> id) {
        List<T> data = rows.stream().limit(limit).map(view).toList();
        return new Page<>(
                "list",
                data,
                data.isEmpty() ? null : id.apply(data.getFirst()),
                data.isEmpty() ? null : id.apply(data.getLast()),
                rows.size() > limit);
    }

    /// The limit, if a page may be that long.
    public static int checkLimit(int limit) {
        return checkLimit(limit, MAX_LIMIT);
    }

    public static int checkLimit(int limit, int max) {
        if (limit < 1 || limit > max) {
            throw Problem.invalid("limit", "'limit' must be between 1 and %d.".formatted(max));
        }
        return limit;
    }

    /// Whether a list is wanted in ascending order of creation; `desc` is OpenAI's default.
    public static boolean isAscending(String order) {
        return switch (order) {
            case "asc" -> true;
            case "desc" -> false;
            default -> throw Problem.invalid("order", "'order' must be 'asc' or 'desc'.");
        };
    }
}
