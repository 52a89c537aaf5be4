package dev.parley.model;

import io.smallrye.faulttolerance.api.CustomBackoffStrategy;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// How long to wait before the next try: what the provider asks for, else full jitter under a doubling limit.
///
/// Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
final class Backoff implements CustomBackoffStrategy {

    private final Duration first;
    private final Duration max;
    private final RandomGenerator random;
    private int retries;

    Backoff(Duration first, Duration max, RandomGenerator random) {
        this.first = first;
        this.max = max;
        this.random = random;
    }

    @Override
    public long nextDelayInMillis(Throwable failure) {
        long limit = Math.min(max.toMillis(), first.toMillis() << Math.min(retries++, 20));
        long jittered = limit <= 0 ? 0 : random.nextLong(limit + 1);
        Duration asked = retryAfter(failure);
        // A little jitter on top: everyone limited at once was told the same moment.
        return asked == null ? jittered : Math.min(max.toMillis(), asked.toMillis() + random.nextLong(100));
    }

    /// Whether a failure is worth another try at the same model.
    static boolean isWorthARetry(Throwable failure, Duration max) {
        Duration asked = retryAfter(failure);
        return failure instanceof ProviderFailure provider
                && provider.isRetriable()
                && (asked == null || asked.compareTo(max) <= 0);
    }

    private static @Nullable Duration retryAfter(Throwable failure) {
        return !(failure instanceof ProviderFailure provider)
                ? null
                : switch (provider.error()) {
                    case ProviderError.RateLimited limited -> limited.retryAfter();
                    case ProviderError.Failed failed -> failed.retryAfter();
                    default -> null;
                };
    }
}
