package dev.parley.usage;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.identity.KnownKeys;
import dev.parley.postgres.Sql;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What was used in a day, of one group. What is not grouped by is null.
///
/// @param inputTokens the cached ones included
/// @param estimatedCostMicros how much of the cost was booked by an estimate
@RegisterForReflection
record UsageResult(
        String object,
        @JsonProperty("input_tokens") long inputTokens,
        @JsonProperty("input_cached_tokens") long inputCachedTokens,
        @JsonProperty("output_tokens") long outputTokens,
        @JsonProperty("num_model_requests") long numModelRequests,
        @JsonProperty("cost_micros") long costMicros,
        @JsonProperty("estimated_cost_micros") long estimatedCostMicros,
        @Nullable String model,
        @JsonProperty("user_id") @Nullable String userId,
        @JsonProperty("api_key_id") @Nullable String apiKeyId) {

    static UsageResult of(ResultSet row) throws SQLException {
        UUID key = Sql.uuid(row, "key_id");
        return new UsageResult(
                "usage.result",
                row.getLong("input_tokens"),
                row.getLong("cached_tokens"),
                row.getLong("output_tokens"),
                row.getLong("requests"),
                row.getLong("cost_micros"),
                row.getLong("estimated_micros"),
                row.getString("model"),
                row.getString("user_id"),
                key == null ? null : KnownKeys.format(key));
    }
}
