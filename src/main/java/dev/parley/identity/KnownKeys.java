package dev.parley.identity;

import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/// API keys as other features name them: by the id that `/v1/keys` shows.
@ApplicationScoped
public class KnownKeys {

    private static final String FIND = "SELECT id FROM api_keys WHERE tenant_id = ? AND id = ? AND revoked_at IS NULL";

    private final Transactions transactions;

    KnownKeys(Transactions transactions) {
        this.transactions = transactions;
    }

    public static String format(UUID key) {
        return ApiKeys.format(key);
    }

    /// Empty when the tenant has no such key, or has revoked it.
    public Optional<UUID> find(TenantId tenant, String id) {
        return Ids.parse(ApiKeys.ID_PREFIX, id)
                .flatMap(key -> transactions.inTenant(
                        tenant, connection -> Sql.first(connection, FIND, row -> Sql.uuid(row, "id"), tenant, key)));
    }
}
