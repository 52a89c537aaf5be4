package dev.parley.function;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.postgres.SchemaStep;
import io.quarkus.arc.All;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.util.List;
import org.flywaydb.core.Flyway;

/// Brings the schema to this release's version. Processes that migrate at once take turns, and the second finds
/// nothing to do.
@ApplicationScoped
class SchemaMigration {

    private final Instance<Flyway> flyway;
    private final List<SchemaStep> steps;

    SchemaMigration(Instance<Flyway> flyway, @All List<SchemaStep> steps) {
        this.flyway = flyway;
        this.steps = steps;
    }

    /// @param schemaVersion of the newest migration
    /// @param applied how many this run applied
    @RegisterForReflection
    record Migrated(@JsonProperty("schema_version") String schemaVersion, int applied) {}

    Migrated run() {
        var result = flyway.get().migrate();
        steps.forEach(SchemaStep::afterMigration);
        return new Migrated(flyway.get().info().current().getVersion().getVersion(), result.migrationsExecuted);
    }
}
