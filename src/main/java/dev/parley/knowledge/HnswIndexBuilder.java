package dev.parley.knowledge;

import dev.parley.model.EmbeddingModelInfo;
import dev.parley.model.EmbeddingModels;
import dev.parley.postgres.SchemaStep;
import dev.parley.postgres.Sql;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.flywaydb.core.Flyway;
import org.jboss.logging.Logger;

/// Gives every embedding model of the catalog its HNSW index, in the migration step and as the role that migrates: what
/// the application runs as owns nothing and creates nothing.
///
/// The models are the catalog's and known at run time only, so this is not a migration file. `CONCURRENTLY`, so that
/// writing goes on meanwhile; what an interrupted build left behind invalid is dropped and built again.
@ApplicationScoped
class HnswIndexBuilder implements SchemaStep {

    private static final Logger LOG = Logger.getLogger(HnswIndexBuilder.class);

    /// Two processes that migrate at once take turns. The number is arbitrary and this lock's own. Tried, not
    /// awaited: a statement that waits is a transaction that a concurrent build waits for.
    private static final String TRY_LOCK = "SELECT pg_try_advisory_lock(7305117218463)";

    private static final Duration RETRY = Duration.ofSeconds(1);

    private static final String UNLOCK = "SELECT pg_advisory_unlock(7305117218463)";

    private static final String IS_VALID = """
            SELECT i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
             WHERE c.relname = ? AND pg_table_is_visible(c.oid)
            """;

    private final Instance<Flyway> flyway;
    private final EmbeddingModels models;
    private final boolean migrating;

    HnswIndexBuilder(
            Instance<Flyway> flyway,
            EmbeddingModels models,
            @ConfigProperty(name = "quarkus.flyway.migrate-at-start") boolean migrating) {
        this.flyway = flyway;
        this.models = models;
        this.migrating = migrating;
    }

    void start(@Observes StartupEvent event) {
        if (migrating) {
            afterMigration();
        }
    }

    @Override
    public void afterMigration() {
        try (var connection = flyway.get().getConfiguration().getDataSource().getConnection()) {
            connection.setAutoCommit(true);
            lock(connection);
            try {
                for (EmbeddingModelInfo model : models.all()) {
                    ensure(connection, model);
                }
            } finally {
                Sql.first(connection, UNLOCK, _ -> true);
            }
        } catch (SQLException failure) {
            throw new IllegalStateException("The vector indexes could not be built", failure);
        }
    }

    private static void lock(Connection connection) throws SQLException {
        try {
            while (!Sql.first(connection, TRY_LOCK, row -> row.getBoolean(1)).orElseThrow()) {
                Thread.sleep(RETRY);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Stopped while another process builds the vector indexes", stopped);
        }
    }

    private static void ensure(Connection connection, EmbeddingModelInfo model) throws SQLException {
        String name = HnswIndexes.name(model);
        var valid = Sql.first(connection, IS_VALID, row -> row.getBoolean(1), name);
        if (valid.orElse(false)) {
            return;
        }
        if (valid.isPresent()) {
            LOG.warnf("Dropping the invalid index %s", name);
            Sql.update(connection, "DROP INDEX CONCURRENTLY " + name);
        }
        LOG.infof("Building index %s for embedding model %s", name, model.alias());
        Sql.update(connection, HnswIndexes.create(model));
    }
}
