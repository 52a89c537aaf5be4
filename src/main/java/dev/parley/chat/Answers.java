package dev.parley.chat;

import dev.parley.usage.RateStatus;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;

/// Turns what is told into HTTP answers.
public final class Answers {

    private Answers() {}

    /// @param rates as they were at the admission, for the headers
    public static Response of(Told told, RateStatus rates) {
        Response.ResponseBuilder response = Response.status(told.status())
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(told.body());
        rates.headers().forEach(response::header);
        if (told.retryAfterMs() != null) {
            response.header("retry-after-ms", told.retryAfterMs());
            response.header(
                    "Retry-After",
                    Math.max(
                            1,
                            Duration.ofMillis(told.retryAfterMs())
                                    .plusMillis(999)
                                    .toSeconds()));
        }
        return response.build();
    }

    /// The first one's answer, again. Its hint to retry is gone: the same request would get the same again.
    public static Response repeated(Told told) {
        return Response.status(told.status())
                .type(MediaType.APPLICATION_JSON_TYPE)
                .header("x-should-retry", "false")
                .header("idempotency-replayed", "true")
                .entity(told.body())
                .build();
    }
}
