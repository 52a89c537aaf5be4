package dev.parley.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/// Refuses a body that says it is too large before a byte of it is read. The server would do so too, but with an empty
/// answer, which no client library makes sense of.
@ApplicationScoped
class BodyLimit {

    private static final int AFTER_REQUEST_ID = 900;
    private static final Problem TOO_LARGE =
            Problem.of(ProblemKind.TOO_LARGE, "request_too_large", "The request is too large.");

    private final long maxBytes;
    private final ObjectMapper json;

    BodyLimit(@ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize max, ObjectMapper json) {
        this.maxBytes = max.asLongValue();
        this.json = json;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, AFTER_REQUEST_ID);
    }

    private void check(RoutingContext request) {
        if (!isTooLarge(request.request().getHeader(HttpHeaders.CONTENT_LENGTH))) {
            request.next();
            return;
        }
        request.response()
                .setStatusCode(TOO_LARGE.kind().status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json;charset=UTF-8")
                .putHeader(HttpHeaders.CONNECTION, "close")
                .end(envelope());
        request.request().connection().close();
    }

    private boolean isTooLarge(@Nullable String length) {
        try {
            return length != null && Long.parseLong(length) > maxBytes;
        } catch (NumberFormatException notANumber) {
            return false; // the server refuses the request by itself
        }
    }

    private String envelope() {
        try {
            return json.writeValueAsString(ErrorEnvelope.of(TOO_LARGE));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
