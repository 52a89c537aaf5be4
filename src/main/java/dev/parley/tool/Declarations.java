package dev.parley.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.postgres.DatabaseFailure;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The tools that a tenant's admins declared.
@ApplicationScoped
class Declarations {

    /// A list shows all of them, and a model is told of many.
    private static final int MAX_TOOLS = 500;

    private static final String SELECT = "SELECT definition::text, learned FROM tools WHERE tenant_id = ?";

    private static final String INSERT = """
            INSERT INTO tools (tenant_id, name, type, definition, learned, created_at, updated_at)
            VALUES (?, ?, ?, ?::jsonb, ?, ?, ?)""";

    private static final String REPLACE = INSERT + """
            \s ON CONFLICT (tenant_id, name) DO UPDATE SET type = excluded.type, definition = excluded.definition,
                learned = excluded.learned, updated_at = excluded.updated_at""";

    private final Transactions transactions;
    private final Json json;
    private final Clock clock;

    Declarations(Transactions transactions, Json json, Clock clock) {
        this.transactions = transactions;
        this.json = json;
        this.clock = clock;
    }

    /// A declaration, and what was found out about it.
    record Stored(Declaration declaration, @Nullable String learned) {}

    /// @throws Problem (409) when the tenant has one of this name
    void create(TenantId tenant, Stored stored) {
        try {
            write(tenant, INSERT, stored);
        } catch (DatabaseFailure failure) {
            throw failure.isDuplicate()
                    ? Problem.of(
                            ProblemKind.CONFLICT,
                            "tool_exists",
                            "There is a tool '%s' already: change it with PUT.".formatted(stored.declaration.name()))
                    : failure;
        }
    }

    void replace(TenantId tenant, Stored stored) {
        write(tenant, REPLACE, stored);
    }

    private void write(TenantId tenant, String sql, Stored stored) {
        Instant now = clock.instant();
        Declaration declaration = stored.declaration;
        transactions.runInTenant(tenant, connection -> {
            Sql.update(
                    connection,
                    sql,
                    tenant,
                    declaration.name(),
                    declaration.type(),
                    declaration.definition().toString(),
                    stored.learned,
                    now,
                    now);
            long count = Sql.first(
                            connection, "SELECT count(*) FROM tools WHERE tenant_id = ?", row -> row.getLong(1), tenant)
                    .orElseThrow();
            if (count > MAX_TOOLS) {
                throw Problem.of(
                        ProblemKind.CONFLICT, "too_many_tools", "A tenant has at most %d tools.".formatted(MAX_TOOLS));
            }
        });
    }

    /// By name, in one round trip.
    List<Stored> all(TenantId tenant) {
        return transactions.list(tenant, SELECT + " ORDER BY name", this::map, tenant);
    }

    /// Those of these names, in one round trip.
    List<Stored> named(TenantId tenant, Set<String> names) {
        return transactions.list(tenant, SELECT + " AND name = ANY (?)", this::map, tenant, names);
    }

    /// @throws Problem (404) when the tenant has no such tool
    void delete(TenantId tenant, String name) {
        int deleted = transactions.inTenant(
                tenant,
                connection ->
                        Sql.update(connection, "DELETE FROM tools WHERE tenant_id = ? AND name = ?", tenant, name));
        if (deleted == 0) {
            throw Problem.notFound("tool", name);
        }
    }

    private Stored map(ResultSet row) throws SQLException {
        JsonNode definition = json.tree(row.getString("definition"));
        return new Stored(DeclarationReader.read(definition), row.getString("learned"));
    }
}
