package dev.parley.ingestion.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.postgres.Sql;
import dev.parley.testing.TestStore;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/// The schema as it was when buckets were bound and not sources, in a transaction that is never committed.
@QuarkusTest
class BindingsMigrationIT {

    private static final String BEFORE = """
            DROP FUNCTION sources_of_object(text, text);
            DROP INDEX sources_by_bucket, sources_deleting;
            DROP TABLE orphaned_successions;
            ALTER TABLE sources DROP COLUMN run_death, DROP COLUMN run_full;
            ALTER TABLE source_documents DROP COLUMN looks, DROP COLUMN heard_run, DROP COLUMN seen_file_id;
            """;

    /// The tenant's three files are what two objects have become.
    private static final String BOUND = """
            INSERT INTO bucket_bindings (tenant_id, id, vector_store_id, bucket, prefix)
            SELECT tenant_id, gen_random_uuid(), id, 'migrated-documents', 'mine/' FROM vector_stores;
            INSERT INTO bound_objects (tenant_id, binding_id, key, sequencer, etag, file_id, next_file_id, problem)
            SELECT b.tenant_id, b.id, 'mine/' || o.key, '0A', o.etag, f.id, n.id, o.problem
              FROM bucket_bindings b
             CROSS JOIN (VALUES ('changed', 'e2', 'old.md', 'new.md', NULL), ('gone', NULL, NULL, NULL, NULL),
                                ('large', NULL, NULL, NULL, 'Too large.'), ('same', 'e1', 'same.md', NULL, NULL))
                        AS o (key, etag, file, next, problem)
              LEFT JOIN files f ON f.filename = o.file
              LEFT JOIN files n ON n.filename = o.next;
            """;

    /// What was known of the one is of a file that came after it, and is deleted.
    private static final String KNOWN = """
            INSERT INTO sources (tenant_id, id, vector_store_id, type, origin, every_seconds, max_documents)
            SELECT tenant_id, gen_random_uuid(), id, 'sitemap', '{}', 3600, 10 FROM vector_stores;
            INSERT INTO source_documents (tenant_id, source_id, id, key, listed_run, etag, last_modified, sha256, file_id)
            SELECT s.tenant_id, s.id, gen_random_uuid(), 'https://example.com/' || d.key, 1, '"e1"', 'Mon', n.sha256, f.id
              FROM sources s
             CROSS JOIN (VALUES ('gone', 'old.md', 'new.md'), ('same', 'same.md', 'same.md')) AS d (key, file, seen)
              JOIN files f ON f.filename = d.file
              JOIN files n ON n.filename = d.seen;
            """;

    private static final String SOURCES = """
            SELECT concat_ws(' ', type, origin ->> 'bucket', origin ->> 'prefix', status, run, due_at <= now()) AS told
              FROM sources WHERE type = 's3'""";

    private static final String DOCUMENTS = """
            SELECT concat_ws(' ', d.key, d.etag, f.filename, n.filename, s.filename, d.sha256 = s.sha256, d.error)
                   AS told
              FROM source_documents d
              LEFT JOIN files f ON f.id = d.file_id
              LEFT JOIN files n ON n.id = d.next_file_id
              LEFT JOIN files s ON s.id = d.seen_file_id
             ORDER BY d.key""";

    private final Flyway flyway;

    BindingsMigrationIT(Flyway flyway) {
        this.flyway = flyway;
    }

    @Test
    void bindingsBecomeSourcesThatKnowTheirObjects() throws Exception {
        TestTenant tenant = TestTenant.create();
        TestStore store = TestStore.create(tenant.key());
        List.of("old.md", "new.md", "same.md").forEach(name -> store.add(name, name.getBytes(StandardCharsets.UTF_8)));
        store.awaitCompleted(3);
        try (Connection owner = flyway.getConfiguration().getDataSource().getConnection()) {
            owner.setAutoCommit(false);
            run(owner, BEFORE);
            become(owner, tenant);
            run(owner, BOUND);
            run(owner, KNOWN);
            run(owner, "RESET ROLE");

            run(owner, script("V23__bucket_events.sql"));

            become(owner, tenant);
            assertThat(told(owner, "SELECT key AS told FROM bound_objects")).isEmpty();
            assertThat(told(owner, SOURCES)).containsExactly("s3 migrated-documents mine/ active 0 t");
            assertThat(told(owner, DOCUMENTS))
                    .containsExactly(
                            "https://example.com/gone old.md old.md t",
                            "https://example.com/same \"e1\" same.md same.md t",
                            "mine/changed e2 old.md new.md new.md t",
                            "mine/large Too large.",
                            "mine/same same.md same.md t");
            assertThat(told(owner, "SELECT 1 AS told FROM sources_of_object('migrated-documents', 'mine/new')"))
                    .hasSize(1);
            assertThat(told(owner, "SELECT 1 AS told FROM sources_of_object('migrated-documents', 'yours/new')"))
                    .isEmpty();
            owner.rollback();
        }
    }

    private static void become(Connection owner, TestTenant tenant) throws SQLException {
        run(owner, "SET LOCAL ROLE parley_app");
        run(owner, "SET LOCAL parley.tenant = '%s'".formatted(tenant.id().value()));
    }

    private static List<String> told(Connection owner, String sql) throws SQLException {
        return Sql.list(owner, sql, row -> row.getString("told"));
    }

    private static void run(Connection owner, String sql) throws SQLException {
        try (var statement = owner.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String script(String name) throws IOException {
        try (var in = BindingsMigrationIT.class.getResourceAsStream("/db/migration/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
