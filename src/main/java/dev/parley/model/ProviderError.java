package dev.parley.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Everything that can go wrong with one call to a provider.
public sealed interface ProviderError {

    /// A short code for receipts and logs.
    default String code() {
        return switch (this) {
            case RateLimited limited -> "rate_limited";
            case QuotaExhausted quota -> "quota_exhausted";
            case Failed failed -> "status_" + failed.status();
            case Unreachable unreachable -> "unreachable";
            case TimedOut timedOut -> "timeout";
            case Stalled stalled -> "stalled";
            case BrokenOff broken -> "broken_off";
            case Malformed malformed -> "malformed";
            case KeyRejected rejected -> "provider_auth";
            case Rejected rejected -> "rejected";
            case ContextOverflow overflow -> "context_length_exceeded";
            case Refused refused -> "content_filter";
            case LeftAlone open -> "circuit_open";
            case Stopped stopped -> "stopped";
        };
    }

    /// Whether the same call may succeed a moment later.
    default boolean isPassing() {
        return switch (this) {
            case RateLimited r -> true;
            case Failed f -> true;
            case Unreachable u -> true;
            case TimedOut t -> true;
            case Stalled s -> true;
            case BrokenOff b -> true;
            case Malformed m -> true;
            case QuotaExhausted q -> false;
            case KeyRejected k -> false;
            case Rejected r -> false;
            case ContextOverflow c -> false;
            case Refused r -> false;
            case LeftAlone l -> false;
            case Stopped s -> false;
        };
    }

    /// Whether another model may answer what this one did not: not when the request itself is at fault.
    default boolean allowsFallback() {
        return switch (this) {
            case Rejected r -> false;
            case ContextOverflow c -> false;
            case Refused r -> false;
            case Stopped s -> false;
            default -> true;
        };
    }

    /// @param retryAfter what the provider asks for; null when it does not say
    record RateLimited(@Nullable Duration retryAfter) implements ProviderError {}

    /// The provider's account is out of money.
    record QuotaExhausted() implements ProviderError {}

    /// 408, 409 or 5xx.
    record Failed(int status, @Nullable Duration retryAfter) implements ProviderError {}

    record Unreachable() implements ProviderError {}

    /// The call took too long as a whole, or to begin.
    record TimedOut() implements ProviderError {}

    /// A stream fell silent.
    record Stalled() implements ProviderError {}

    /// The connection ended before the answer did.
    record BrokenOff() implements ProviderError {}

    record Malformed() implements ProviderError {}

    record KeyRejected() implements ProviderError {}

    /// The provider found fault with the request and says why.
    record Rejected(String message, @Nullable String param) implements ProviderError {}

    record ContextOverflow(String message) implements ProviderError {}

    /// The provider blocked the prompt. A model that declines is no error: its answer is a [Refusal].
    record Refused(String message) implements ProviderError {}

    /// Not called: it failed too often just now.
    record LeftAlone() implements ProviderError {}

    /// Our own doing: the thread that waited for the answer was interrupted.
    ///
    /// @param sent whether the provider had the request, and will want to be paid for reading it
    record Stopped(boolean sent) implements ProviderError {}
}
