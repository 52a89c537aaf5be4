package dev.parley.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.parley.postgres.TenantId;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tools that read views, and what a model that was talked into worse tries through them.
@QuarkusTest
@TestProfile(ToolWorld.class)
class SqlToolIT {

    private static final String SCHEMA = "parley_test_reports";

    @Inject
    Flyway flyway;

    private final TestTenant tenant = TestTenant.create();

    /// What an operator does, as the guide says.
    @BeforeEach
    void expose() throws SQLException {
        role("parley_test_reader");
        role("parley_test_mighty");
        role(ownLogin(tenant.id()));
        owner("CREATE SCHEMA IF NOT EXISTS " + SCHEMA);
        owner("""
                CREATE OR REPLACE VIEW parley_test_reports.orders AS
                SELECT * FROM (VALUES (1, date '2026-01-05', 10.50, 'Ann'), (2, date '2026-01-07', 20.25, 'Bob'),
                                      (3, date '2026-02-01', 5.00, 'Ann')) AS o (id, day, total, customer)""");
        owner("CREATE OR REPLACE VIEW parley_test_reports.salaries AS SELECT 'Ann' AS name, 4711 AS amount");
        owner("""
                CREATE OR REPLACE VIEW parley_test_reports.my_tools WITH (security_barrier) AS
                SELECT t.tenant, t.secret
                  FROM (VALUES (session_user::text, 'mine'), ('somebody_else', 'theirs')) AS t (tenant, secret)
                 WHERE t.tenant = session_user""");
        owner("CREATE OR REPLACE VIEW parley_test_reports.leaky AS SELECT 1 AS one");
        for (String login : List.of("parley_test_reader", ownLogin(tenant.id()))) {
            owner("GRANT USAGE ON SCHEMA parley_test_reports TO " + login);
            owner("GRANT SELECT ON ALL TABLES IN SCHEMA parley_test_reports TO " + login);
        }
        owner("GRANT SELECT ON api_keys TO parley_test_mighty");
    }

    private static String ownLogin(TenantId tenant) {
        return "parley_test_" + tenant.value().toString().replace("-", "");
    }

    private void role(String name) throws SQLException {
        owner("""
                DO $do$ BEGIN
                    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%s') THEN CREATE ROLE %s LOGIN PASSWORD '%s'; END IF;
                END $do$""".formatted(name, name, ToolWorld.PASSWORD));
    }

    private void owner(String sql) throws SQLException {
        try (Connection connection = flyway.getConfiguration().getDataSource().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private ValidatableResponse declare(String database, List<String> views, Map<String, ?> more) {
        var definition = new HashMap<String, Object>(more);
        definition.putAll(Map.of("type", "sql", "description", "Orders.", "database", database, "views", views));
        return tenant.request().body(definition).put("/v1/tools/orders").then();
    }

    private void declareFree() {
        declare("reports", List.of("orders"), Map.of()).statusCode(200);
    }

    private String query(String query) {
        return ToolWorld.call(
                tenant.id(), "orders", JsonNodeFactory.instance.objectNode().put("query", query));
    }

    private ToolFailure failure(String query) {
        return catchThrowableOfType(ToolFailure.class, () -> query(query));
    }

    @Test
    void aModelIsToldOfTheColumnsAndReadsThem() {
        declare("reports", List.of("orders"), Map.of())
                .statusCode(200)
                .body("type", equalTo("sql"))
                .body("effects", equalTo(false))
                .body("description", containsString("orders(id integer, day date, total numeric, customer text)"))
                .body("parameters.properties.query.type", equalTo("string"));

        assertThat(query("SELECT customer, sum(total) AS total FROM orders GROUP BY customer ORDER BY 2 DESC"))
                .isEqualTo("{\"columns\":[\"customer\",\"total\"],\"rows\":[[\"Bob\",\"20.25\"],[\"Ann\",\"15.50\"]]}");
        assertThat(query("WITH a AS (SELECT * FROM orders WHERE day >= '2026-02-01') SELECT a.id, NULL AS n FROM a"))
                .contains("[[\"3\",null]]");
        assertThat(
                        query(
                                "SELECT o.id, p.id FROM orders o JOIN orders p ON o.id = p.id WHERE o.customer = 'it''s? :x {y}'"))
                .contains("\"rows\":[]");
    }

    @Test
    void aStatementOfTheAdminsTakesValuesAndNothingElse() {
        declare(
                        "reports",
                        List.of("orders"),
                        Map.of(
                                "statement",
                                "SELECT id FROM orders WHERE customer = :who AND day >= :since AND id < :most + 1 ORDER BY id LIMIT :n",
                                "parameters",
                                Map.of(
                                        "type",
                                        "object",
                                        "properties",
                                        Map.of(
                                                "who", Map.of("type", "string"),
                                                "since", Map.of("type", "string"),
                                                "most", Map.of("type", "integer"),
                                                "n", Map.of("type", "integer")))))
                .statusCode(200);

        String good = "{'who':'Ann','since':'2026-01-01','most':9,'n':5}";
        assertThat(call(good)).contains("[[\"1\"],[\"3\"]]");
        assertThat(call(good.replace("Ann", "x\\u0027) OR (true"))).contains("\"rows\":[]");
        assertThat(call(good.replace("'n':5", "'n':1"))).contains("[[\"1\"]]");
        assertThat(callFailure(good.replace("2026-01-01", "no date")))
                .doesNotContain("no date")
                .contains("22007");
        assertThat(callFailure("{'query':'SELECT 1'}")).contains("query");
    }

    private String call(String arguments) {
        return ToolWorld.call(tenant.id(), "orders", arguments);
    }

    private String callFailure(String arguments) {
        return catchThrowableOfType(ToolFailure.class, () -> call(arguments)).getMessage();
    }

    @Test
    void whatATenantOrAnAdminMayNotReachIsRefusedWhenItIsSaved() {
        declare("none", List.of("orders"), Map.of()).statusCode(400).body("error.param", equalTo("database"));
        declare("elsewhere", List.of("orders"), Map.of()).statusCode(400).body("error.param", equalTo("database"));
        declare("reports", List.of("missing"), Map.of()).statusCode(400).body("error.param", equalTo("views"));
        declare("reports", List.of(), Map.of()).statusCode(400).body("error.param", equalTo("views"));
        declare("reports", List.of("pg_catalog.pg_class"), Map.of())
                .statusCode(400)
                .body("error.param", equalTo("views[0]"));
        declare("reports", List.of("orders"), Map.of("effects", true)).statusCode(400);
        declare("reports", List.of("orders"), Map.of("statement", "DELETE FROM orders; SELECT 1"))
                .statusCode(400)
                .body("error.param", equalTo("statement"));
        declare("reports", List.of("orders"), Map.of("statement", "SELECT :x"))
                .statusCode(400)
                .body("error.message", containsString("':x'"));
        declare("absent", List.of("orders"), Map.of()).statusCode(503);
    }

    @Test
    void aLoginThatMayDoMoreIsNotUsed() throws SQLException {
        declare("mighty", List.of("orders"), Map.of())
                .statusCode(503)
                .body("error.code", equalTo("tool_database_unavailable"));

        declareFree();
        for (String grant :
                List.of("SELECT ON files", "UPDATE ON parley_test_reports.orders", "SELECT (name) ON tenants")) {
            owner("GRANT " + grant + " TO parley_test_reader");
            assertThat(failure("SELECT 1")).hasMessageContaining("more than read");
            owner("REVOKE " + grant + " FROM parley_test_reader");
            assertThat(query("SELECT 1 AS one")).contains("one");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT * FROM salaries | does not exist",
                "SELECT * FROM parley_test_reports.salaries | without their schema",
                "SELECT * FROM \"parley_test_reports\".salaries | without their schema",
                "SELECT * FROM public.api_keys | may not read",
                "SELECT value FROM public.tool_secrets | may not read",
                "SELECT * FROM api_keys | does not exist",
                "DELETE FROM orders | mistake",
                "WITH gone AS (DELETE FROM orders RETURNING 1) SELECT * FROM gone | mistake",
                "COPY orders TO PROGRAM 'id' | mistake",
                "DO 'BEGIN END' | mistake",
                "SET ROLE parley_app | mistake",
                "SELECT 1; SELECT 2 | refused",
                "SELECT set_config('role', 'parley_app', true) | refused",
                "SELECT set_config('parley.tenant', 'x', false) | refused",
                "SELECT rolpassword FROM pg_authid | refused",
                "SELECT query FROM pg_stat_activity | refused",
                "SELECT pg_read_file('/etc/passwd') | refused",
                "SELECT pg_sleep(100) | refused",
                "SELECT customer::int FROM orders | 22P02",
                "SELECT 1 / (id - id) FROM orders | 22012",
                "SELECT nothing FROM orders | column \"nothing\" does not exist",
            })
    void attacksEndInARefusalThatTellsNothing(String query, String words) {
        declareFree();

        ToolFailure failure = failure(query);

        assertThat(failure)
                .hasMessageContaining(words)
                .message()
                .doesNotContain("Ann")
                .doesNotContain("4711");
        assertThat(failure.mayHaveHappened()).isFalse();
    }

    @Test
    void longQueriesAndLargeAnswersEnd() {
        declareFree();
        String many = "SELECT count(*) FROM " + joined(18);
        String wide = "SELECT " + "'%s' || ".formatted("y".repeat(1200)).repeat(3) + "a.customer FROM " + joined(4);

        assertThat(failure(many)).hasMessageContaining("too long");
        assertThat(failure(wide)).hasMessageContaining("too large");
        assertThat(query("SELECT a.id FROM " + joined(4))).contains("There are more rows than these 10.");
    }

    /// 3 to the power of so many rows.
    private static String joined(int times) {
        var tables = new StringBuilder("orders a");
        for (int i = 1; i < times; i++) {
            tables.append(" CROSS JOIN orders a").append(i);
        }
        return tables.toString();
    }

    @Test
    void columnsThatDoubleQueryByQueryAreNotCopiedByThePlanner() {
        declareFree();
        String query = "SELECT total AS c FROM orders WHERE id = 3";
        for (int i = 0; i < 16; i++) {
            query = "SELECT c + c AS c FROM (" + query + ") q" + i;
        }

        assertThat(query(query)).contains("[[\"327680.00\"]]");
    }

    @Test
    void aTenantsOwnLoginShowsItsOwnRowsWhateverIsAsked() throws SQLException {
        declare("own", List.of("leaky"), Map.of())
                .statusCode(400)
                .body("error.message", containsString("security_barrier"));
        declare("own", List.of("my_tools"), Map.of()).statusCode(200);

        assertThat(query("SELECT secret FROM my_tools WHERE true OR tenant = 'somebody_else'"))
                .contains("[[\"mine\"]]");
        assertThat(failure("SELECT secret FROM my_tools WHERE secret::int > 0"))
                .message()
                .doesNotContain("theirs");
        assertThat(ToolWorld.find(tenant.id(), "orders").info().description())
                .contains("my_tools(tenant text, secret text)");
        TestTenant other = TestTenant.create();
        other.request()
                .body(Map.of("type", "sql", "description", "x", "database", "own", "views", List.of("my_tools")))
                .put("/v1/tools/orders")
                .then()
                .statusCode(503); // nobody made it a login
    }
}
