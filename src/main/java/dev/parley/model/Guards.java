package dev.parley.model;

import io.smallrye.faulttolerance.api.Guard;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/// Retries and a circuit breaker around the calls to each provider's model; aliases of one model share them.
@ApplicationScoped
class Guards {

    private final Map<String, Guard> guards = new ConcurrentHashMap<>();

    Guard of(String providerName, String modelName, ModelsConfig.Provider provider) {
        return guards.computeIfAbsent(providerName + "/" + modelName, key -> build(provider));
    }

    private static Guard build(ModelsConfig.Provider provider) {
        return Guard.create()
                .withRetry()
                .maxRetries(provider.maxRetries())
                .maxDuration(provider.timeout().toMillis(), ChronoUnit.MILLIS)
                .whenException(failure -> Backoff.isWorthARetry(failure, provider.maxRetryDelay()))
                .withCustomBackoff()
                .strategy(() ->
                        new Backoff(provider.retryDelay(), provider.maxRetryDelay(), RandomGenerator.getDefault()))
                .done()
                .done()
                .withCircuitBreaker()
                .requestVolumeThreshold(provider.breaker().window())
                .failureRatio(provider.breaker().failureRatio())
                .delay(provider.breaker().delay().toMillis(), ChronoUnit.MILLIS)
                .when(Guards::countsAgainstProvider)
                .done()
                .build();
    }

    /// A request that is at fault itself, or a rate limit, says nothing about the provider's health.
    private static boolean countsAgainstProvider(Throwable failure) {
        return failure instanceof ProviderFailure provider
                && provider.error().isPassing()
                && !(provider.error() instanceof ProviderError.RateLimited);
    }
}
