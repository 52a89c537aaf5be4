package dev.parley.function;

import io.quarkus.runtime.QuarkusApplication;

/// The migration as a step of its own, and then the end.
final class Migration implements QuarkusApplication {

    static final String ARGUMENT = "migrate";

    private final SchemaMigration migration;

    Migration(SchemaMigration migration) {
        this.migration = migration;
    }

    /// Before the configuration is read.
    static void configure() {
        System.setProperty("quarkus.http.host-enabled", "false");
        activate();
        System.setProperty("parley.job.workers", "0");
        System.setProperty("parley.job.housekeeping.enabled", "false");
    }

    /// What migrates is set up only where it is wanted.
    static void activate() {
        System.setProperty("quarkus.flyway.active", "true");
    }

    @Override
    public int run(String... args) {
        migration.run();
        return 0;
    }
}
