package dev.parley.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/// The one place where a failure becomes an HTTP answer.
final class ProblemMapper {

    private static final Logger LOG = Logger.getLogger(ProblemMapper.class);

    private final CurrentVertxRequest current;

    ProblemMapper(CurrentVertxRequest current) {
        this.current = current;
    }

    @ServerExceptionMapper
    Response problem(Problem problem) {
        breakOffIfBegun();
        if (problem.kind().status() >= 500) {
            LOG.warnf("%s: %s", problem.code(), problem.getMessage());
        }
        var response = Response.status(problem.kind().status())
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(ErrorEnvelope.of(problem));
        problem.headers().forEach(response::header);
        problem.retryAfter().ifPresent(delay -> retryAfter(response, delay));
        return response.build();
    }

    /// An answer that has begun cannot become another one: whatever was added would look like more of it.
    private void breakOffIfBegun() {
        RoutingContext request = current.getCurrent();
        if (request != null && request.response().headWritten()) {
            BrokenOff.cut(request);
        }
    }

    /// Whole seconds for everybody, never too few, and milliseconds for OpenAI's clients.
    private static void retryAfter(Response.ResponseBuilder response, Duration delay) {
        response.header("Retry-After", Math.max(1, delay.plusMillis(999).toSeconds()));
        response.header("retry-after-ms", delay.toMillis());
    }

    /// Both classes are named because REST Jackson maps the first itself, and the nearest mapper wins.
    @ServerExceptionMapper({MismatchedInputException.class, JsonProcessingException.class})
    Response json(JsonProcessingException failure) {
        return problem(JsonProblem.of(failure));
    }

    @ServerExceptionMapper
    Response constraint(ConstraintViolationException failure) {
        ConstraintViolation<?> first =
                failure.getConstraintViolations().iterator().next();
        String param = StreamSupport.stream(first.getPropertyPath().spliterator(), false)
                .skip(2) // the resource method and its argument
                .map(node -> snakeCase(node.toString()))
                .collect(Collectors.joining("."));
        return problem(
                param.isEmpty()
                        ? Problem.of(ProblemKind.INVALID_REQUEST, "invalid_json", "The request needs a JSON body.")
                        : Problem.invalid(param, "'%s' %s.".formatted(param, first.getMessage())));
    }

    /// A record component's name as JSON has it: `maxTokens` is `max_tokens`.
    private static String snakeCase(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    @ServerExceptionMapper({AuthenticationFailedException.class, UnauthorizedException.class})
    Response unauthenticated() {
        Problem problem = Problem.of(
                ProblemKind.UNAUTHENTICATED,
                "invalid_api_key",
                "Missing or incorrect API key. Send it as 'Authorization: Bearer <key>'.");
        return Response.fromResponse(problem(problem))
                .header("WWW-Authenticate", "Bearer") // RFC 9110, section 15.5.2; MCP clients look for it
                .build();
    }

    @ServerExceptionMapper
    Response forbidden(ForbiddenException failure) {
        return problem(Problem.of(
                ProblemKind.FORBIDDEN, "insufficient_permissions", "This API key lacks the scope for this request."));
    }

    @ServerExceptionMapper
    Response http(WebApplicationException failure) {
        if (failure.getCause() instanceof JsonProcessingException json) {
            return json(json);
        }
        int status = failure.getResponse().getStatus();
        return problem(status >= 500 ? unexpected(failure) : refused(status));
    }

    private static Problem refused(int status) {
        return switch (status) {
            case 404 -> Problem.of(ProblemKind.NOT_FOUND, "unknown_url", "Unknown request URL.");
            case 405 ->
                Problem.of(
                        ProblemKind.METHOD_NOT_ALLOWED, "method_not_supported", "This URL does not allow that method.");
            case 413 -> Problem.of(ProblemKind.TOO_LARGE, "request_too_large", "The request is too large.");
            case 415 ->
                Problem.of(
                        ProblemKind.UNSUPPORTED_MEDIA_TYPE,
                        "unsupported_content_type",
                        "This URL does not accept that content type.");
            default ->
                Problem.of(ProblemKind.INVALID_REQUEST, "invalid_request", "The request could not be understood.");
        };
    }

    @ServerExceptionMapper
    Response anything(Throwable failure) {
        return problem(unexpected(failure));
    }

    private static Problem unexpected(Throwable failure) {
        LOG.error("Unexpected failure", failure);
        return Problem.of(
                ProblemKind.INTERNAL, "internal_error", "The server had an error while processing your request.");
    }
}
