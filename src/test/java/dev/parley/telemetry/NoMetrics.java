package dev.parley.telemetry;

import java.io.OutputStream;
import java.time.Clock;
import java.util.Optional;

/// For tests that put the application's parts together themselves.
public final class NoMetrics {

    private NoMetrics() {}

    public static FunctionMetrics create() {
        return new FunctionMetrics(Optional.empty(), Clock.systemUTC(), OutputStream.nullOutputStream());
    }
}
