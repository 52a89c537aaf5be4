package dev.parley.problem;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A failure with a kind, told to the client as it is: the message says what to do and holds no secret.
///
/// Features subclass it where a failure carries data of its own.
public class Problem extends RuntimeException {

    private final String message;
    private final ProblemKind kind;
    private final String code;
    private final @Nullable String param;
    private final @Nullable Duration retryAfter;

    protected Problem(ProblemKind kind, String code, @Nullable String param, String message) {
        this(kind, code, param, message, null);
    }

    protected Problem(
            ProblemKind kind, String code, @Nullable String param, String message, @Nullable Duration retryAfter) {
        super(message);
        this.message = message;
        this.kind = kind;
        this.code = code;
        this.param = param;
        this.retryAfter = retryAfter;
    }

    /// A request parameter with a value it cannot have; `param` is its JSON path or query name, as the client wrote it.
    public static Problem invalid(String param, String message) {
        return new Problem(ProblemKind.INVALID_REQUEST, "invalid_value", param, message);
    }

    /// A parameter that OpenAI knows and Parley does not serve.
    public static Problem unsupported(String param, String message) {
        return new Problem(ProblemKind.INVALID_REQUEST, "unsupported_parameter", param, message);
    }

    /// A parameter that nobody knows.
    public static Problem unknown(String param) {
        return new Problem(
                ProblemKind.INVALID_REQUEST, "unknown_parameter", param, "Unknown parameter: '%s'.".formatted(param));
    }

    /// A request parameter of another JSON type than it has to be.
    ///
    /// @param expected for people: `a string`
    public static Problem wrongType(String param, String expected) {
        return new Problem(
                ProblemKind.INVALID_REQUEST,
                "invalid_type",
                param,
                "Invalid type for '%s': expected %s.".formatted(param, expected));
    }

    /// A required parameter that is missing.
    public static Problem missing(String param) {
        return new Problem(
                ProblemKind.INVALID_REQUEST,
                "missing_required_parameter",
                param,
                "Missing required parameter: '%s'.".formatted(param));
    }

    /// Something named by id that does not exist, or not for this tenant; the two are never told apart.
    public static Problem notFound(String what, String id) {
        return new Problem(ProblemKind.NOT_FOUND, "not_found", null, "No such %s: '%s'.".formatted(what, id));
    }

    /// Any other failure, by its kind and a code in OpenAI's style (`snake_case`).
    public static Problem of(ProblemKind kind, String code, String message) {
        return new Problem(kind, code, null, message);
    }

    /// A failure that passes: the client may send the same request again after the delay.
    public static Problem passing(ProblemKind kind, String code, String message, Duration retryAfter) {
        return new Problem(kind, code, null, message, retryAfter);
    }

    @Override
    public String getMessage() {
        return message;
    }

    public ProblemKind kind() {
        return kind;
    }

    public String code() {
        return code;
    }

    public @Nullable String param() {
        return param;
    }

    /// What the answer's headers say besides `Retry-After`.
    public Map<String, String> headers() {
        return Map.of();
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
