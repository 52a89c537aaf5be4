package dev.parley.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.ResultSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The catalog is asked which tables there are, so a new table is held to the rules by being there.
@QuarkusTest
class RowLevelSecurityIT {

    private static final String TENANT_TABLES = """
            SELECT c.oid::regclass::text AS name FROM pg_class c
              JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
             WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
            """;

    @Inject
    Transactions transactions;

    private final TenantId mine = new TenantId(Ids.next());
    private final TenantId theirs = new TenantId(Ids.next());

    @BeforeEach
    void twoTenants() {
        for (TenantId tenant : List.of(mine, theirs)) {
            transactions.runInTenant(
                    tenant,
                    connection -> Sql.update(
                            connection, "INSERT INTO tenants (tenant_id, name) VALUES (?, 'rls test')", tenant));
        }
    }

    @Test
    void everyTableBelongsToTenantsOrIsOutOfTheApplicationsReach() {
        assertThat(names("""
                SELECT c.oid::regclass::text AS name FROM pg_class c
                 WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
                   AND has_table_privilege('parley_app', c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
                EXCEPT
                """ + TENANT_TABLES)).isEmpty();
    }

    @Test
    void everyTenantTableForcesRowLevelSecurity() {
        assertThat(names(TENANT_TABLES)).isNotEmpty();
        assertThat(names(TENANT_TABLES + " AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"))
                .isEmpty();
    }

    @Test
    void theOnePolicyOfTheApplicationIsItsTenant() {
        assertThat(names(TENANT_TABLES + """
                AND (SELECT count(*) FROM pg_policies p
                      WHERE p.schemaname = 'public' AND p.tablename = c.relname AND 'parley_app' = ANY (p.roles)
                        AND p.permissive = 'PERMISSIVE' AND p.cmd = 'ALL' AND p.with_check IS NULL
                        AND p.qual LIKE '(tenant_id = %current_setting(''parley.tenant''%') <> 1
                """)).isEmpty();
        assertThat(names("""
                SELECT tablename || '.' || policyname AS name FROM pg_policies
                 WHERE schemaname = 'public' AND policyname <> 'tenant_isolation'
                   AND ('parley_app' = ANY (roles) OR 'public' = ANY (roles))
                """)).isEmpty();
    }

    @Test
    void everyKeyAndForeignKeyIncludesTheTenant() {
        assertThat(names("""
                SELECT k.conrelid::regclass || '.' || k.conname AS name FROM pg_constraint k
                 WHERE k.connamespace = 'public'::regnamespace AND k.contype IN ('p', 'f')
                   AND k.conrelid IN (SELECT a.attrelid FROM pg_attribute a WHERE a.attname = 'tenant_id')
                   AND NOT EXISTS (SELECT FROM pg_attribute a
                        WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey) AND a.attname = 'tenant_id')
                """)).isEmpty();
    }

    @Test
    void theApplicationOwnsNothingAndIsNobodySpecial() {
        assertThat(names("""
                SELECT c.relname AS name FROM pg_class c WHERE c.relowner = 'parley_app'::regrole
                UNION ALL SELECT p.proname FROM pg_proc p WHERE p.proowner = 'parley_app'::regrole
                UNION ALL SELECT n.nspname FROM pg_namespace n WHERE n.nspowner = 'parley_app'::regrole
                UNION ALL SELECT rolname FROM pg_roles
                           WHERE rolname IN ('parley_app', 'parley_system')
                             AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolcanlogin)
                UNION ALL SELECT 'parley_app may create' WHERE has_schema_privilege('parley_app', 'public', 'CREATE')
                UNION ALL SELECT g.roleid::regrole::text FROM pg_auth_members g
                           WHERE g.member IN ('parley_app'::regrole, 'parley_system'::regrole)
                """)).isEmpty();
        assertThat(names("SELECT current_user::text AS name")).containsExactly("parley_app");
    }

    @Test
    void onlyListedFunctionsWorkOutsideATenantAndEachIsFenced() {
        assertThat(names("""
                SELECT p.oid::regprocedure::text AS name FROM pg_proc p
                 WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace
                """)).containsExactlyInAnyOrderElementsOf(SystemFunctions.ALL);
        assertThat(names("""
                SELECT p.oid::regprocedure::text AS name FROM pg_proc p
                 WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace
                   AND NOT (p.proowner = 'parley_system'::regrole
                        AND 'search_path=public, pg_temp' = ANY (p.proconfig)
                        AND has_function_privilege('parley_app', p.oid, 'EXECUTE')
                        AND NOT EXISTS (SELECT FROM aclexplode(p.proacl) WHERE grantee = 0))
                """)).isEmpty();
    }

    @Test
    void withoutATenantNoTableShowsARow() {
        for (String table : names(TENANT_TABLES)) {
            assertThat(count(table)).as(table).isZero();
        }
    }

    @Test
    void aConnectionForgetsTheTenantItHad() {
        for (int i = 0; i < 30; i++) { // more often than the pool has connections
            assertThat(transactions.<Long>inTenant(mine, connection -> Sql.first(
                                    connection, "SELECT count(*) FROM tenants", row -> row.getLong(1))
                            .orElseThrow()))
                    .isEqualTo(1);
            assertThat(count("tenants")).isZero();
        }
    }

    @Test
    void anothersRowCanNeitherBeReadNorChanged() {
        transactions.runInTenant(mine, connection -> {
            assertThat(Sql.list(connection, "SELECT tenant_id AS id FROM tenants", row -> Sql.uuid(row, "id")))
                    .containsExactly(mine.value());
            assertThat(Sql.update(connection, "UPDATE tenants SET name = 'taken' WHERE tenant_id = ?", theirs))
                    .isZero();
            assertThat(Sql.update(connection, "DELETE FROM tenants WHERE tenant_id = ?", theirs))
                    .isZero();
        });
    }

    @Test
    void aRowCannotBePutIntoAnotherTenant() {
        String insert = "INSERT INTO conversations (tenant_id, id) VALUES (?, ?)";
        UUID id = Ids.next();
        assertThatThrownBy(() -> transactions.runInTenant(
                        mine, connection -> Sql.update(connection, insert, theirs, Ids.next())))
                .hasMessageContaining("row-level security");
        transactions.runInTenant(mine, connection -> Sql.update(connection, insert, mine, id));
        assertThatThrownBy(() -> transactions.runInTenant(
                        mine,
                        connection -> Sql.update(
                                connection, "UPDATE conversations SET tenant_id = ? WHERE id = ?", theirs, id)))
                .hasMessageContaining("row-level security");
    }

    private long count(String table) {
        return transactions.withoutTenant(
                connection -> Sql.first(connection, "SELECT count(*) FROM " + table, row -> row.getLong(1))
                        .orElseThrow());
    }

    private List<String> names(String sql) {
        return transactions.withoutTenant(connection -> Sql.list(connection, sql, RowLevelSecurityIT::name));
    }

    private static String name(ResultSet row) throws java.sql.SQLException {
        return row.getString("name");
    }
}
