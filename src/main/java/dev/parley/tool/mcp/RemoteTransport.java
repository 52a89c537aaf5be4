package dev.parley.tool.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.egress.Egress;
import dev.parley.egress.EgressFailure;
import dev.parley.egress.EgressLimits;
import dev.parley.egress.EgressMethod;
import dev.parley.egress.EgressRequest;
import dev.parley.egress.EgressStream;
import dev.parley.postgres.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Sends messages to one server within one limit of time, and reads its answers: JSON, or events until the answer is
/// among them. What else a server sends on the way it may send in vain: no capability was declared to it.
final class RemoteTransport {

    /// Of one answer: a page of tools, or a result.
    private static final long MAX_BYTES = 4 * 1024 * 1024;

    private final Egress egress;
    private final Json json;
    private final Endpoint endpoint;
    private final long end;

    RemoteTransport(Egress egress, Json json, Endpoint endpoint) {
        this.egress = egress;
        this.json = json;
        this.endpoint = endpoint;
        this.end = System.nanoTime() + endpoint.timeout().toNanos();
    }

    /// @throws RemoteFailure if there is no answer
    RemoteReply post(Map<String, String> headers, JsonNode message) {
        var all = new HashMap<>(endpoint.headers());
        all.putAll(headers);
        all.put("Accept", "application/json, text/event-stream");
        all.put("Content-Type", "application/json");
        try (EgressStream stream =
                egress.open(request(EgressMethod.POST, all, json.writeBytes(message), remaining()))) {
            return new RemoteReply(stream.status(), stream.headers(), answer(stream, message.get("id")));
        } catch (EgressFailure failure) {
            throw RemoteFailure.of(failure);
        }
    }

    /// Ends a session. Nobody waits for it, and it ends by itself where this does not arrive.
    void delete(Map<String, String> headers) {
        var all = new HashMap<>(endpoint.headers());
        all.putAll(headers);
        try {
            egress.fetch(request(EgressMethod.DELETE, all, new byte[0], Duration.ofSeconds(1)));
        } catch (EgressFailure unimportant) {
            // it was logged
        }
    }

    private Duration remaining() {
        return Duration.ofNanos(Math.max(1, end - System.nanoTime()));
    }

    /// A registered URL means itself: what a redirect leads to, nobody registered.
    private EgressRequest request(EgressMethod method, Map<String, String> headers, byte[] body, Duration limit) {
        EgressRequest request = EgressRequest.of(method, endpoint.url(), body)
                .within(EgressLimits.CONFIGURED
                        .withTotal(limit)
                        .withMaxBytes(MAX_BYTES)
                        .withRedirects(0));
        for (var header : headers.entrySet()) {
            request = request.withHeader(header.getKey(), header.getValue());
        }
        return request;
    }

    private @Nullable JsonNode answer(EgressStream stream, @Nullable JsonNode id) {
        String type = stream.headers().first("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        if (id == null) {
            return null;
        }
        if (type.startsWith("text/event-stream")) {
            return fromEvents(stream, id);
        }
        return type.startsWith("application/json") ? whole(stream, id) : null;
    }

    private @Nullable JsonNode fromEvents(EgressStream stream, JsonNode id) {
        var events = stream.events();
        for (var event = events.next(); event.isPresent(); event = events.next()) {
            Optional<JsonNode> answer = parsed(event.get().data()).filter(message -> isAnswer(message, id));
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        return null;
    }

    /// An error may lack the id: the server could not read it.
    private @Nullable JsonNode whole(EgressStream stream, JsonNode id) {
        try {
            JsonNode message = json.body(stream.body().readAllBytes());
            return isAnswer(message, id) || message.has("error") ? message : null;
        } catch (IOException notJson) {
            return null;
        }
    }

    private Optional<JsonNode> parsed(String text) {
        try {
            return Optional.of(json.tree(text));
        } catch (IllegalArgumentException notJson) {
            return Optional.empty();
        }
    }

    private static boolean isAnswer(JsonNode message, JsonNode id) {
        return id.equals(message.get("id")) && !message.has("method");
    }
}
