package dev.parley.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelectTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM orders",
                "SELECT month, sum(total)::numeric(10, 2) AS s FROM orders GROUP BY month HAVING count(*) > 1 ORDER BY 2 DESC",
                "WITH best AS (SELECT * FROM orders WHERE total > 1e3 LIMIT 5) SELECT avg(total) FROM best",
                "SELECT first || ' ' || concat(last, (1 + 2)) FROM orders WHERE id IN (1, 2)",
                "SELECT 'it''s; DROP TABLE -- /* x */ $$ pg_sleep(1) ?' AS text FROM orders",
                "SELECT \"total\" FROM orders WHERE month IN ('2026-01', '2026-02') AND note NOT LIKE '%x%'",
                "SELECT rank() OVER (PARTITION BY month ORDER BY total) FROM orders LIMIT 5",
                "SELECT CASE WHEN total > 3 THEN 'a' ELSE 'b' END, total - -1 FROM orders",
                "SELECT date_trunc('month', day) - interval '1 day' FROM orders JOIN items USING (id)",
            })
    void queriesThatReadAreLetThroughAsTheyAre(String query) {
        assertThat(SelectText.read(query).sql()).isEqualTo(query);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1; DROP TABLE tools",
                "SELECT 1) AS a; DELETE FROM tools WHERE (true",
                "SELECT 1) UNION (SELECT 2",
                "SELECT (1",
                "SELECT 1 -- comment",
                "SELECT 1 /* comment */",
                "SELECT $$text$$",
                "SELECT $1",
                "SELECT ?",
                "SELECT {fn now()}",
                "SELECT E'\\'; DROP TABLE tools'",
                "SELECT U&'\\0027'",
                "SELECT * FROM U&\"\\0070g_authid\"",
                "SELECT * FROM u&\"!0070g_authid\" UESCAPE '!'",
                "SELECT 'open",
                "SELECT \"open",
                "SELECT 'nul\0'",
                "SELECT pg_sleep(1)",
                "SELECT \"pg_sleep\"(1)",
                "SELECT pg_catalog.pg_sleep (1)",
                "SELECT set_config('parley.tenant', 'x', false)",
                "SELECT set_config\n('role', 'parley_app', true)",
                "SELECT current_setting('parley.tenant')",
                "SELECT * FROM pg_authid",
                "SELECT * FROM \"pg_authid\"",
                "SELECT * FROM PG_STAT_ACTIVITY",
                "SELECT * FROM information_schema.tables",
                "SELECT repeat('x', 1000000000)",
                "SELECT * FROM generate_series(1, 1000000000)",
                "SELECT array_agg(x) FROM orders",
                "SELECT lo_import('/etc/passwd')",
                "SELECT dblink('host=evil', 'x')",
                "SELECT query_to_xml('SELECT 1', true, true, '')",
                "SELECT nextval('x')",
                "WITH RECURSIVE a AS (SELECT 1 UNION ALL SELECT 1 FROM a) SELECT * FROM a",
                "SELECT * INTO stolen FROM orders",
                "SELECT * FROM orders FOR UPDATE",
                "SELECT current_user",
                "SELECT session_user",
                "SELECT user",
                "SELECT möchte FROM orders",
                "SELECT 1a",
                "SELECT a || a FROM (SELECT b || b AS a FROM orders) q",
                "WITH q AS (SELECT concat(b, b) AS a FROM orders) SELECT a FROM q",
                "WITH q AS NOT MATERIALIZED (SELECT 1) SELECT 1 FROM q a, q b",
                "SELECT a::bytea::text FROM orders",
                "SELECT a::\"bytea\" FROM orders",
                "SELECT a::char(10000000) FROM orders",
                "SELECT ARRAY(SELECT id FROM orders)",
                "SELECT a[1] FROM orders",
                "SELECT a FROM (SELECT b + b AS a, 1 AS limit FROM orders) q",
                "SELECT a FROM (SELECT b + b AS a, q . offset FROM orders) q",
                "SELECT a ~ '((x{255}){255}){255}' FROM orders",
                "SELECT a SIMILAR TO '(x{255}){255}' FROM orders",
                "SELECT replace(a, 'x', 'xx') FROM orders",
            })
    void whatCouldDoMoreThanReadIsRefused(String query) {
        assertThatThrownBy(() -> SelectText.read(query)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void innerQueriesAreFencedAgainstThePlannersCopies() {
        assertThat(SelectText.read(
                                "SELECT a FROM (SELECT b AS a FROM (SELECT 1 AS b LIMIT 1) r) q WHERE a IN ( WITH z AS (SELECT 2) SELECT * FROM z)")
                        .sql())
                .isEqualTo(
                        "SELECT a FROM (SELECT b AS a FROM (SELECT 1 AS b LIMIT 1) r OFFSET 0) q WHERE a IN ( WITH z AS (SELECT 2 OFFSET 0) SELECT * FROM z OFFSET 0)");
    }

    @Test
    void rowsThatAreWrittenOutAreFencedToo() {
        assertThat(SelectText.read("SELECT column1 + column1 FROM (VALUES ((SELECT 1))) v")
                        .sql())
                .isEqualTo("SELECT column1 + column1 FROM (VALUES ((SELECT 1 OFFSET 0)) OFFSET 0) v");
    }

    @Test
    void parametersAreFoundAndCastsAreNone() {
        SelectText select =
                SelectText.read("SELECT x::text, ':no' FROM orders WHERE day >= :day ::date AND id = :id OR :day='a'");

        assertThat(select.parameters()).containsExactly("day", "id", "day");
        assertThat(select.sql())
                .isEqualTo("SELECT x::text, ':no' FROM orders WHERE day >= ? ::date AND id = ? OR ?='a'");
    }

    @Test
    void identifiersAreReadAsPostgresReadsThem() {
        assertThat(SelectText.read("SELECT A.\"B\"\"c\" FROM Parley_Reports.orders a")
                        .words())
                .contains("a", "B\"c", "parley_reports", "orders");
    }
}
