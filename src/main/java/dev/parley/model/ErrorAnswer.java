package dev.parley.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A provider's answer with an error status, in the envelope of OpenAI, Google and Anthropic:
/// `{"error":{"message",…}}`.
public final class ErrorAnswer {

    private static final int MAX_MESSAGE = 1000;
    private static final Pattern OVERFLOW = Pattern.compile(
            "maximum context length|context window|context_length|exceeds the maximum number of (input )?tokens"
                    + "|(prompt|input) is too long|too many (input )?tokens",
            Pattern.CASE_INSENSITIVE);

    /// Anthropic tells an account without money by a 400.
    private static final Pattern BROKE = Pattern.compile("credit balance is too low", Pattern.CASE_INSENSITIVE);

    private final int status;
    private final JsonNode error;
    private final @Nullable Duration retryAfter;

    /// @param body a missing node for one that cannot be read
    public ErrorAnswer(int status, JsonNode body, @Nullable Duration retryAfter) {
        this.status = status;
        // Google's streaming endpoint wraps the envelope into an array.
        this.error = (body.isArray() ? body.path(0) : body).path("error");
        this.retryAfter = retryAfter;
    }

    public ProviderError classify() {
        return switch (status) {
            case 401, 403 -> new ProviderError.KeyRejected();
            case 402 -> new ProviderError.QuotaExhausted();
            case 429 ->
                code().equals("insufficient_quota")
                        ? new ProviderError.QuotaExhausted()
                        : new ProviderError.RateLimited(retryAfter);
            case 408, 409 -> new ProviderError.Failed(status, retryAfter);
            default -> status >= 500 ? new ProviderError.Failed(status, retryAfter) : rejected();
        };
    }

    private ProviderError rejected() {
        if (code().equals("context_length_exceeded")) {
            return new ProviderError.ContextOverflow(message());
        }
        if (BROKE.matcher(message()).find()) {
            return new ProviderError.QuotaExhausted();
        }
        if (code().startsWith("content_")) {
            return new ProviderError.Refused(message());
        }
        return rejected(message(), error.path("param").textValue());
    }

    /// What a provider means that finds fault with a request.
    public static ProviderError rejected(String message, @Nullable String param) {
        return OVERFLOW.matcher(message).find()
                ? new ProviderError.ContextOverflow(message)
                : new ProviderError.Rejected(message, param);
    }

    private String code() {
        return error.path("code").asText("");
    }

    private String message() {
        String message = error.path("message").asText("The provider rejected the request with status " + status + ".");
        return message.substring(0, Math.min(message.length(), MAX_MESSAGE));
    }

    /// A `Retry-After` in seconds or as a date; null when it is neither.
    public static @Nullable Duration retryAfter(String header, Instant now) {
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
