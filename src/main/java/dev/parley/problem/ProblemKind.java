package dev.parley.problem;

/// The kinds of failure an API client can tell apart, each with its HTTP status and OpenAI's error type.
///
/// Source: https://platform.openai.com/docs/guides/error-codes
public enum ProblemKind {
    INVALID_REQUEST(400, "invalid_request_error"),
    UNAUTHENTICATED(401, "invalid_request_error"),
    FORBIDDEN(403, "invalid_request_error"),
    NOT_FOUND(404, "invalid_request_error"),
    METHOD_NOT_ALLOWED(405, "invalid_request_error"),
    CONFLICT(409, "invalid_request_error"),
    TOO_LARGE(413, "invalid_request_error"),
    UNSUPPORTED_MEDIA_TYPE(415, "invalid_request_error"),
    UNPROCESSABLE(422, "invalid_request_error"),
    RATE_LIMITED(429, "rate_limit_error"),
    INTERNAL(500, "server_error"),
    BAD_GATEWAY(502, "server_error"),
    UNAVAILABLE(503, "server_error"),
    TIMED_OUT(504, "server_error");

    private final int status;
    private final String type;

    ProblemKind(int status, String type) {
        this.status = status;
        this.type = type;
    }

    public int status() {
        return status;
    }

    public String type() {
        return type;
    }
}
