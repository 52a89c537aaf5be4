package dev.parley.batch;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.parley.postgres.Ids;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A line of an output or error file, as OpenAI writes it.
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
record OutputLine(
        String id,
        @JsonProperty("custom_id") String customId,
        @Nullable Answer response,
        @Nullable Unrun error) {

    @RegisterForReflection
    record Answer(
            @JsonProperty("status_code") int statusCode,
            @JsonProperty("request_id") String requestId,
            @JsonRawValue String body) {}

    /// Why it was not run.
    @RegisterForReflection
    record Unrun(String code, String message) {

        static final Unrun EXPIRED =
                new Unrun("batch_expired", "This request could not be executed before the completion window expired.");
        static final Unrun CANCELLED =
                new Unrun("batch_cancelled", "This request was not executed because the batch was cancelled.");
    }

    static OutputLine answered(UUID id, String customId, int status, String body) {
        return new OutputLine(name(id), customId, new Answer(status, Ids.format("req_", id), body), null);
    }

    static OutputLine unrun(UUID id, String customId, Unrun why) {
        return new OutputLine(name(id), customId, null, why);
    }

    private static String name(UUID id) {
        return Ids.format("batch_req_", id);
    }
}
