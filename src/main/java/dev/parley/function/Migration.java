package dev.parley.function;

import io.quarkus.runtime.QuarkusApplication;

/// The migration as a step of its own: what a start with `quarkus.flyway.migrate-at-start` does, and then the end.
final class Migration implements QuarkusApplication {

    static final String ARGUMENT = "migrate";

    /// Before the configuration is read.
    static void configure() {
        System.setProperty("quarkus.flyway.migrate-at-start", "true");
        System.setProperty("quarkus.http.host-enabled", "false");
        System.setProperty("parley.job.workers", "0");
        System.setProperty("parley.job.housekeeping.enabled", "false");
    }

    @Override
    public int run(String... args) {
        return 0;
    }
}
