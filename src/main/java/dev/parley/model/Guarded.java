package dev.parley.model;

import dev.parley.model.SharedBreakers.Leave;
import dev.parley.model.SharedBreakers.ModelKey;
import io.smallrye.faulttolerance.api.Guard;
import java.time.Duration;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;

/// A provider's model, with what protects it and those who call it.
///
/// @param trial how long others wait for the outcome when one tries a model that was left alone
record Guarded(ModelKey key, Duration trial, Guard guard, SharedBreakers shared) {

    /// @param spend may cut the call short, or a wait between two
    /// @throws ProviderFailure when the call failed, [ProviderError.LeftAlone] when it was not made
    <T> T call(Spend spend, Supplier<T> call, Class<T> type) {
        Leave leave = shared.ask(key, trial);
        if (leave == Leave.NONE) {
            throw new ProviderFailure(new ProviderError.LeftAlone());
        }
        T answer = spend.await(() -> guarded(call, type));
        if (leave == Leave.TRIAL) {
            shared.closed(key);
        }
        return answer;
    }

    private <T> T guarded(Supplier<T> call, Class<T> type) {
        try {
            return guard.get(call::get, type);
        } catch (CircuitBreakerOpenException open) {
            throw new ProviderFailure(new ProviderError.LeftAlone(), open);
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception interrupted) { // undeclared: a wait between two tries was interrupted
            Thread.currentThread().interrupt();
            throw new ProviderFailure(new ProviderError.Stopped(false), interrupted);
        }
    }
}
