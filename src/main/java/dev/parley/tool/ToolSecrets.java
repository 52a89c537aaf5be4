package dev.parley.tool;

import dev.parley.postgres.ContentCodec;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// What requests of tools carry and nobody reads again.
@ApplicationScoped
class ToolSecrets {

    private static final String COLUMNS = "name, hosts, created_at, updated_at";

    private static final String PUT = """
            INSERT INTO tool_secrets (tenant_id, name, value, hosts, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (tenant_id, name)
            DO UPDATE SET value = excluded.value, hosts = excluded.hosts, updated_at = excluded.updated_at
            RETURNING """ + " " + COLUMNS;

    private static final String LIST =
            "SELECT " + COLUMNS + " FROM tool_secrets WHERE tenant_id = ? AND name > ? ORDER BY name LIMIT ?";

    private static final String VALUES =
            "SELECT name, value, hosts FROM tool_secrets WHERE tenant_id = ? AND name = ANY (?)";

    private final Transactions transactions;
    private final ContentCodec codec;
    private final Clock clock;

    ToolSecrets(Transactions transactions, ContentCodec codec, Clock clock) {
        this.transactions = transactions;
        this.codec = codec;
        this.clock = clock;
    }

    ToolSecret put(TenantId tenant, String name, ToolSecret.Value value) {
        Instant now = clock.instant();
        byte[] encoded = codec.encode(tenant, value.text());
        return transactions
                .inTenant(
                        tenant,
                        connection -> Sql.first(
                                connection, PUT, ToolSecrets::map, tenant, name, encoded, value.hosts(), now, now))
                .orElseThrow();
    }

    /// By name; one more than the page holds where there is one.
    List<ToolSecret> list(TenantId tenant, String after, int limit) {
        return transactions.list(tenant, LIST, ToolSecrets::map, tenant, after, limit);
    }

    /// @throws Problem (404) when the tenant has no such secret
    void delete(TenantId tenant, String name) {
        int deleted = transactions.inTenant(
                tenant,
                connection -> Sql.update(
                        connection, "DELETE FROM tool_secrets WHERE tenant_id = ? AND name = ?", tenant, name));
        if (deleted == 0) {
            throw Problem.notFound("secret", name);
        }
    }

    /// Those there are, in one round trip and only where there is a name.
    Map<String, ToolSecret.Value> values(TenantId tenant, Set<String> names) {
        var values = new HashMap<String, ToolSecret.Value>();
        if (!names.isEmpty()) {
            transactions.list(
                    tenant,
                    VALUES,
                    row -> values.put(
                            row.getString("name"),
                            new ToolSecret.Value(codec.decode(tenant, row.getBytes("value")), hosts(row))),
                    tenant,
                    names);
        }
        return values;
    }

    private static ToolSecret map(ResultSet row) throws SQLException {
        return new ToolSecret(
                row.getString("name"),
                hosts(row),
                Objects.requireNonNull(Sql.instant(row, "created_at")),
                Objects.requireNonNull(Sql.instant(row, "updated_at")));
    }

    private static Set<String> hosts(ResultSet row) throws SQLException {
        return new TreeSet<>(List.of((String[]) row.getArray("hosts").getArray()));
    }
}
