package dev.parley.testing;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Where scripted answers wait for their tests.
final class Gates {

    private static final long PATIENCE_SECONDS = 20;
    private static final Map<String, CountDownLatch> GATES = new ConcurrentHashMap<>();

    private Gates() {}

    static void open(String name) {
        gate(name).countDown();
    }

    /// @throws IOException when nobody opens the gate in time: then the answer breaks off, and its test fails
    static void await(String name) throws IOException {
        try {
            if (!gate(name).await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("Nobody opened the gate");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(stopped);
        }
    }

    private static CountDownLatch gate(String name) {
        return GATES.computeIfAbsent(name, _ -> new CountDownLatch(1));
    }
}
