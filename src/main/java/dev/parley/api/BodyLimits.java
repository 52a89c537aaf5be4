package dev.parley.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.problem.ErrorEnvelope;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Refuses a request whose stated length is over the limit before any of it is read, in OpenAI's envelope. A form may
/// carry a file and be as long as the server takes; any other body, which is held in memory, has a smaller limit.
///
/// A body of unstated length is counted as it is read, by [CountedBody].
@ApplicationScoped
class BodyLimits {

    /// After the request has its id, before the server's own check, which answers without a body.
    private static final int PRIORITY = 900;

    private final long maxForm;
    private final long maxBody;
    private final ObjectMapper mapper;

    BodyLimits(
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize maxForm,
            @ConfigProperty(name = "parley.api.max-body-size", defaultValue = "16M") MemorySize maxBody,
            ObjectMapper mapper) {
        this.maxForm = maxForm.asLongValue();
        this.maxBody = maxBody.asLongValue();
        this.mapper = mapper;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, PRIORITY);
    }

    long maxBody() {
        return maxBody;
    }

    static Problem tooLarge(long limit) {
        return Problem.of(
                ProblemKind.TOO_LARGE,
                "request_too_large",
                "The request is too large. The limit is %d bytes.".formatted(limit));
    }

    private void check(RoutingContext context) {
        HttpServerRequest request = context.request();
        long limit = isForm(request) ? maxForm : maxBody;
        if (length(request) > limit) {
            refuse(context, tooLarge(limit));
        } else {
            context.next();
        }
    }

    /// Closes the connection: the client is still sending what nobody will read.
    private void refuse(RoutingContext context, Problem problem) {
        try {
            context.response()
                    .setStatusCode(problem.kind().status())
                    .putHeader("Content-Type", "application/json")
                    .putHeader("Connection", "close")
                    .end(mapper.writeValueAsString(ErrorEnvelope.of(problem)))
                    .onComplete(_ -> context.request().connection().close());
        } catch (JsonProcessingException failure) {
            context.fail(failure);
        }
    }

    private static boolean isForm(HttpServerRequest request) {
        String type = request.getHeader("Content-Type");
        return type != null && type.startsWith("multipart/form-data");
    }

    private static long length(HttpServerRequest request) {
        String length = request.getHeader("Content-Length");
        return length != null && length.matches("\\d{1,18}") ? Long.parseLong(length) : 0;
    }
}
