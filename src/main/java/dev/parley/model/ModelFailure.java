package dev.parley.model;

import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// No model of the chain gave a (whole) answer.
public class ModelFailure extends Problem {

    private static final String STOPPED = "request_stopped";

    private final List<Attempt> attempts;
    private final String partialText;

    private ModelFailure(Told told, String message, List<Attempt> attempts, String partialText) {
        super(told.kind(), told.code(), told.param(), message, told.retryAfter());
        this.attempts = List.copyOf(attempts);
        this.partialText = partialText;
    }

    /// Every provider call, in order; the last one failed too.
    public List<Attempt> attempts() {
        return attempts;
    }

    /// What had been streamed when the answer broke off; empty when nothing had.
    public String partialText() {
        return partialText;
    }

    /// Whether the call was cut short on behalf of whoever waited for it: then nothing is to be done without it either.
    public boolean isStopped() {
        return code().equals(STOPPED);
    }

    private record Told(
            ProblemKind kind,
            String code,
            @Nullable String param,
            @Nullable Duration retryAfter) {
        Told(ProblemKind kind, String code) {
            this(kind, code, null, null);
        }
    }

    /// How a client is told that the last model of a chain failed.
    static ModelFailure of(ProviderError error, String model, List<Attempt> attempts) {
        return new ModelFailure(told(error), message(error, model), attempts, "");
    }

    /// How a client is told that an answer broke off after it had begun.
    static ModelFailure interrupted(ProviderError error, String model, List<Attempt> attempts, String partialText) {
        return new ModelFailure(
                new Told(ProblemKind.BAD_GATEWAY, "stream_interrupted"),
                "The answer of '%s' broke off (%s).".formatted(model, error.code()),
                attempts,
                partialText);
    }

    private static Told told(ProviderError error) {
        return switch (error) {
            case ProviderError.RateLimited limited ->
                new Told(ProblemKind.RATE_LIMITED, "rate_limit_exceeded", null, limited.retryAfter());
            case ProviderError.Failed failed ->
                new Told(ProblemKind.BAD_GATEWAY, "provider_error", null, failed.retryAfter());
            case ProviderError.QuotaExhausted q -> new Told(ProblemKind.UNAVAILABLE, "provider_quota");
            case ProviderError.Unreachable u -> new Told(ProblemKind.UNAVAILABLE, "provider_unreachable");
            case ProviderError.LeftAlone l -> new Told(ProblemKind.UNAVAILABLE, "provider_unavailable");
            case ProviderError.Stopped s -> new Told(ProblemKind.UNAVAILABLE, STOPPED);
            case ProviderError.TimedOut t -> new Told(ProblemKind.TIMED_OUT, "provider_timeout");
            case ProviderError.Stalled s -> new Told(ProblemKind.TIMED_OUT, "provider_stalled");
            case ProviderError.BrokenOff b -> new Told(ProblemKind.BAD_GATEWAY, "provider_connection_lost");
            case ProviderError.Malformed m -> new Told(ProblemKind.BAD_GATEWAY, "provider_malformed_answer");
            case ProviderError.KeyRejected k -> new Told(ProblemKind.BAD_GATEWAY, "provider_auth");
            case ProviderError.Rejected r ->
                new Told(ProblemKind.INVALID_REQUEST, "provider_rejected_request", r.param(), null);
            case ProviderError.ContextOverflow c ->
                new Told(ProblemKind.INVALID_REQUEST, "context_length_exceeded", "messages", null);
            case ProviderError.Refused r -> new Told(ProblemKind.INVALID_REQUEST, "content_filter");
        };
    }

    private static String message(ProviderError error, String model) {
        return switch (error) {
            case ProviderError.Rejected rejected -> rejected.message();
            case ProviderError.ContextOverflow overflow -> overflow.message();
            case ProviderError.Refused refused -> refused.message();
            case ProviderError.RateLimited l -> "The provider of '%s' limits the rate of requests.".formatted(model);
            case ProviderError.QuotaExhausted q -> "The provider account of '%s' is out of quota.".formatted(model);
            case ProviderError.KeyRejected k -> "The provider of '%s' rejected its API key.".formatted(model);
            case ProviderError.Failed f -> "The provider of '%s' answered with status %d.".formatted(model, f.status());
            case ProviderError.Unreachable u -> "The provider of '%s' cannot be reached.".formatted(model);
            case ProviderError.TimedOut t -> "The provider of '%s' did not answer in time.".formatted(model);
            case ProviderError.Stalled s -> "The provider of '%s' fell silent.".formatted(model);
            case ProviderError.BrokenOff b -> "The provider of '%s' closed the connection.".formatted(model);
            case ProviderError.Malformed m -> "The provider of '%s' sent a malformed answer.".formatted(model);
            case ProviderError.Stopped s -> "The request to '%s' was stopped.".formatted(model);
            case ProviderError.LeftAlone l ->
                "The provider of '%s' failed too often and is left alone for a moment.".formatted(model);
        };
    }
}
