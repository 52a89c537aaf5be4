package dev.parley.ingestion.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.postgres.Sql;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A database of its own, as it was when buckets were bound and not sources.
@QuarkusTest
class BindingsMigrationIT {

    private static final String NAME = "when_buckets_were_bound";

    private static final String THERE = """
            INSERT INTO tenants VALUES ('00000000-0000-0000-0000-000000000001', 'test');
            INSERT INTO vector_stores (tenant_id, id, name)
            VALUES ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002', 'test');
            INSERT INTO files (tenant_id, id, filename, purpose, content_type, bytes, sha256)
            SELECT '00000000-0000-0000-0000-000000000001', ('00000000-0000-0000-0000-00000000000' || n)::uuid,
                   'a.md', 'assistants', 'text/markdown', 1, sha256('a') FROM generate_series(3, 5) n;
            INSERT INTO bucket_bindings (tenant_id, id, vector_store_id, bucket, prefix)
            VALUES ('00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000006',
                    '00000000-0000-0000-0000-000000000002', 'documents', 'mine/');
            INSERT INTO bound_objects (tenant_id, binding_id, key, sequencer, etag, file_id, next_file_id, problem)
            SELECT '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000006', key, '0A', etag,
                   file::uuid, next::uuid, problem
              FROM (VALUES ('mine/changed', 'e2', '00000000-0000-0000-0000-000000000003',
                                                  '00000000-0000-0000-0000-000000000004', NULL),
                           ('mine/gone', NULL, NULL, NULL, NULL),
                           ('mine/large', NULL, NULL, NULL, 'It is too large.'),
                           ('mine/same', 'e1', '00000000-0000-0000-0000-000000000005', NULL, NULL))
                   AS o (key, etag, file, next, problem);
            """;

    @AfterEach
    void drop() throws SQLException {
        try (Connection connection = connect(url())) {
            Sql.update(connection, "DROP DATABASE IF EXISTS " + NAME + " WITH (FORCE)");
        }
    }

    @Test
    void bindingsBecomeSourcesThatKnowTheirObjects() throws SQLException {
        drop();
        try (Connection connection = connect(url())) {
            Sql.update(connection, "CREATE DATABASE " + NAME);
        }
        String own = url().replaceFirst("(//[^/]+/)[^?]+", "$1" + NAME);
        migrate(own, "22");
        try (Connection connection = connect(own)) {
            Sql.update(connection, THERE);
            migrate(own, "23");

            assertThat(Sql.list(
                            connection,
                            "SELECT concat_ws(' ', type, origin ->> 'bucket', origin ->> 'prefix', status, run,"
                                    + " due_at <= now()) AS told FROM sources",
                            row -> row.getString("told")))
                    .containsExactly("s3 documents mine/ active 0 t");
            assertThat(Sql.list(
                            connection,
                            "SELECT concat_ws(' ', key, etag, right(file_id::text, 1), right(next_file_id::text, 1),"
                                    + " right(seen_file_id::text, 1), error) AS told FROM source_documents ORDER BY key",
                            row -> row.getString("told")))
                    .isEqualTo(List.of("mine/changed e2 3 4 4", "mine/large It is too large.", "mine/same e1 5 5"));
            assertThat(Sql.list(
                            connection,
                            "SELECT source_id FROM sources_of_object('documents', 'mine/new')",
                            row -> row.getString("source_id")))
                    .containsExactly("00000000-0000-0000-0000-000000000006");
            assertThat(Sql.list(
                            connection,
                            "SELECT source_id FROM sources_of_object('documents', 'yours/new')",
                            row -> row.getString("source_id")))
                    .isEmpty();
        }
    }

    private static void migrate(String url, String version) {
        Config config = ConfigProvider.getConfig();
        Flyway.configure()
                .dataSource(
                        url,
                        config.getValue("quarkus.datasource.username", String.class),
                        config.getValue("quarkus.datasource.password", String.class))
                .target(version)
                .load()
                .migrate();
    }

    private static Connection connect(String url) throws SQLException {
        Config config = ConfigProvider.getConfig();
        return DriverManager.getConnection(
                url,
                config.getValue("quarkus.datasource.username", String.class),
                config.getValue("quarkus.datasource.password", String.class));
    }

    private static String url() {
        return ConfigProvider.getConfig().getValue("quarkus.datasource.jdbc.url", String.class);
    }
}
