package dev.parley.model;

import dev.parley.model.SharedBreakers.ModelKey;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.Guard;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/// Retries and a circuit breaker around the calls to each provider's model; aliases of one model share them, and so do
/// all processes: what is open in one is left alone by the others.
@ApplicationScoped
class Guards {

    private final Map<ModelKey, Guarded> guards = new ConcurrentHashMap<>();
    private final SharedBreakers shared;

    Guards(SharedBreakers shared) {
        this.shared = shared;
    }

    Guarded of(String providerName, String modelName, ModelsConfig.Provider provider) {
        return guards.computeIfAbsent(
                new ModelKey(providerName, modelName),
                key -> new Guarded(key, provider.breaker().delay(), guard(key, provider), shared));
    }

    private Guard guard(ModelKey key, ModelsConfig.Provider provider) {
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
                .onStateChange(state -> changed(key, state, provider.breaker()))
                .done()
                .build();
    }

    private void changed(ModelKey key, CircuitBreakerState state, ModelsConfig.Breaker breaker) {
        if (state == CircuitBreakerState.OPEN) {
            shared.opened(key, breaker.delay());
        }
    }

    /// A request that is at fault itself, or a rate limit, says nothing about the provider's health.
    private static boolean countsAgainstProvider(Throwable failure) {
        return failure instanceof ProviderFailure provider
                && provider.error().isPassing()
                && !(provider.error() instanceof ProviderError.RateLimited);
    }
}
