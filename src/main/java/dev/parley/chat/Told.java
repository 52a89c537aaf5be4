package dev.parley.chat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.postgres.Json;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/// What a client is told of a turn that has ended, now and whenever it asks again.
///
/// @param status HTTP's
/// @param begun whether a stream had begun: then it tells the failure, else the status does
/// @param retryAfterMs null when there is no hint
/// @param body JSON
/// @param object what the turn's id fetches, JSON, where that is not the body: a failure is an error to who asked, and
/// an object with an error in it to who asks later
@RegisterForReflection
public record Told(
        int status,
        boolean begun,
        @JsonProperty("retry_after_ms") @Nullable Long retryAfterMs,
        @JsonRawValue String body,
        @JsonRawValue @Nullable String object) {

    /// Of a turn that came to what was asked for.
    public static Told ok(String body) {
        return new Told(200, true, null, body, null);
    }

    /// Whether there is no answer.
    public boolean hasFailed() {
        return status >= 400;
    }

    /// What the turn's id fetches, JSON.
    public String fetched() {
        return object == null ? body : object;
    }

    /// As it is kept with the turn.
    public String encode(Json json) {
        return json.write(this);
    }

    /// What [#encode] made.
    public static Told decode(Json json, String encoded) {
        JsonNode tree = json.tree(encoded);
        JsonNode retryAfter = tree.path("retry_after_ms");
        JsonNode object = tree.path("object");
        return new Told(
                tree.path("status").intValue(),
                tree.path("begun").booleanValue(),
                retryAfter.isNumber() ? retryAfter.longValue() : null,
                tree.path("body").toString(),
                object.isObject() ? object.toString() : null);
    }
}
