package dev.parley.batch;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.ResultSet;
import java.sql.SQLException;

/// Tokens, as answers report them.
record LineUsage(long input, long cached, long output, long reasoning) {

    static LineUsage of(ResultSet row) throws SQLException {
        return new LineUsage(
                row.getLong("input_tokens"),
                row.getLong("cached_tokens"),
                row.getLong("output_tokens"),
                row.getLong("reasoning_tokens"));
    }

    /// Of an answer: completions and responses name the same things differently.
    static LineUsage of(JsonNode answer) {
        JsonNode usage = answer.path("usage");
        return new LineUsage(
                either(usage, "prompt_tokens", "input_tokens").asLong(),
                either(usage, "prompt_tokens_details", "input_tokens_details")
                        .path("cached_tokens")
                        .asLong(),
                either(usage, "completion_tokens", "output_tokens").asLong(),
                either(usage, "completion_tokens_details", "output_tokens_details")
                        .path("reasoning_tokens")
                        .asLong());
    }

    private static JsonNode either(JsonNode usage, String one, String other) {
        return usage.has(one) ? usage.path(one) : usage.path(other);
    }
}
