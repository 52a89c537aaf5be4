package dev.parley.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A provider's answer with an error status, in OpenAI's or Google's envelope: `{"error":{"message",…}}`.
final class ErrorAnswer {

    private static final int MAX_MESSAGE = 1000;
    private static final Pattern OVERFLOW = Pattern.compile(
            "maximum context length|context window|context_length|exceeds the maximum number of (input )?tokens",
            Pattern.CASE_INSENSITIVE);

    private final int status;
    private final JsonNode error;
    private final @Nullable Duration retryAfter;

    ErrorAnswer(int status, JsonNode body, @Nullable Duration retryAfter) {
        this.status = status;
        // Google's streaming endpoint wraps the envelope into an array.
        this.error = (body.isArray() ? body.path(0) : body).path("error");
        this.retryAfter = retryAfter;
    }

    ProviderError classify() {
        return switch (status) {
            case 401, 403 -> new ProviderError.KeyRejected();
            case 429 ->
                code().equals("insufficient_quota")
                        ? new ProviderError.QuotaExhausted()
                        : new ProviderError.RateLimited(retryAfter);
            case 408, 409 -> new ProviderError.Failed(status, retryAfter);
            default -> status >= 500 ? new ProviderError.Failed(status, retryAfter) : rejected();
        };
    }

    private ProviderError rejected() {
        if (code().equals("context_length_exceeded")
                || OVERFLOW.matcher(message()).find()) {
            return new ProviderError.ContextOverflow(message());
        }
        if (code().startsWith("content_")) {
            return new ProviderError.Refused(message());
        }
        return new ProviderError.Rejected(message(), error.path("param").textValue());
    }

    private String code() {
        return error.path("code").asText("");
    }

    private String message() {
        String message = error.path("message").asText("The provider rejected the request with status " + status + ".");
        return message.substring(0, Math.min(message.length(), MAX_MESSAGE));
    }

    /// A `Retry-After` in seconds or as a date; null when it is neither.
    static @Nullable Duration retryAfter(String header, Instant now) {
        try {
            return header.chars().allMatch(Character::isDigit)
                    ? Duration.ofSeconds(Long.parseLong(header))
                    : Duration.between(
                            now,
                            ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
        } catch (DateTimeException | NumberFormatException neither) {
            return null;
        }
    }
}
