package dev.parley.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/// Starts the application as Lambda does: with a Runtime API to take invocations from.
public final class LambdaEnvironment implements QuarkusTestResourceLifecycleManager {

    private final FakeRuntimeApi api = new FakeRuntimeApi();

    @Override
    public Map<String, String> start() {
        return Map.of("AWS_LAMBDA_RUNTIME_API", api.address());
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(api, new TestInjector.MatchesType(FakeRuntimeApi.class));
    }

    @Override
    public void stop() {
        try {
            api.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
