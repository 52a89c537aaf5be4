package dev.parley.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The provider calls of one request, as they happen.
final class Attempts {

    private final List<Attempt> attempts = new ArrayList<>();

    /// Makes one call and notes how it went.
    ///
    /// @throws ProviderFailure whatever the call threw
    <T> T record(String model, String provider, Supplier<T> call) {
        long start = System.nanoTime();
        try {
            T result = call.get();
            add(model, provider, start, null);
            return result;
        } catch (ListenerFailure listener) {
            add(model, provider, start, "listener");
            throw listener;
        } catch (RuntimeException thrown) {
            ProviderFailure failure = ProviderFailure.of(thrown);
            add(model, provider, start, failure.error().code());
            throw failure;
        }
    }

    List<Attempt> list() {
        return List.copyOf(attempts);
    }

    private void add(String model, String provider, long start, @Nullable String failure) {
        attempts.add(new Attempt(model, provider, Duration.ofNanos(System.nanoTime() - start), failure));
    }
}
