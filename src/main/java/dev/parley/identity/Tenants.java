package dev.parley.identity;

import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// All tenants. A tenant's row is its own: it is written inside that tenant, like everything else.
@ApplicationScoped
class Tenants {

    private final Transactions transactions;

    Tenants(Transactions transactions) {
        this.transactions = transactions;
    }

    /// The tenant with this id, made now if there was none.
    Tenant create(TenantId id, String name) {
        return transactions.inTenant(id, connection -> Sql.first(connection, """
                        INSERT INTO tenants (tenant_id, name) VALUES (?, ?)
                        ON CONFLICT (tenant_id) DO UPDATE SET name = tenants.name RETURNING *""", Tenant::of, id, name)
                .orElseThrow());
    }

    /// Newest first, one more than the page holds where there is one.
    List<Tenant> list(@Nullable UUID after, int limit) {
        return transactions.withoutTenant(
                connection -> Sql.list(connection, "SELECT * FROM list_tenants(?::uuid, ?)", Tenant::of, after, limit));
    }

    Optional<Tenant> setStatus(TenantId id, String status) {
        return transactions.inTenant(
                id,
                connection -> Sql.first(
                        connection,
                        "UPDATE tenants SET status = ? WHERE tenant_id = ? RETURNING *",
                        Tenant::of,
                        status,
                        id));
    }
}
