package dev.parley.batch;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.JsonField;
import dev.parley.api.Metadata;
import dev.parley.problem.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The body of `POST /v1/batches`.
@RegisterForReflection
record NewBatch(
        @NotNull @JsonProperty("input_file_id") String inputFileId,
        @NotNull String endpoint,
        @NotNull @JsonProperty("completion_window") String completionWindow,
        @Nullable JsonNode metadata,
        @JsonProperty("output_expires_after") @Nullable OutputLifetime outputLifetime) {

    private static final int SHORTEST = 3600;
    private static final int LONGEST = 30 * 24 * 3600;

    @RegisterForReflection
    record OutputLifetime(@Nullable String anchor, @Nullable Integer seconds) {}

    /// @throws Problem (400) naming what is wrong
    NewBatch check() {
        if (!completionWindow.equals(BatchObject.COMPLETION_WINDOW)) {
            throw Problem.invalid("completion_window", "'completion_window' must be '24h'.");
        }
        outputSeconds();
        metadataPairs();
        return this;
    }

    /// Null when there are none.
    @Nullable
    Map<String, String> metadataPairs() {
        return metadata == null || metadata.isNull() ? null : Metadata.read(new JsonField("metadata", metadata));
    }

    /// Null for ever.
    @Nullable
    Integer outputSeconds() {
        if (outputLifetime == null) {
            return null;
        }
        if (!"created_at".equals(outputLifetime.anchor)) {
            throw Problem.invalid("output_expires_after.anchor", "'output_expires_after.anchor' must be 'created_at'.");
        }
        Integer seconds = outputLifetime.seconds;
        if (seconds == null || seconds < SHORTEST || seconds > LONGEST) {
            throw Problem.invalid(
                    "output_expires_after.seconds",
                    "'output_expires_after.seconds' must be between %d and %d.".formatted(SHORTEST, LONGEST));
        }
        return seconds;
    }
}
