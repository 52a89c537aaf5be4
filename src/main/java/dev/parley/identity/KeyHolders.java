package dev.parley.identity;

import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Who holds a key, for work that goes on after its request: a batch is run for whoever made it.
@ApplicationScoped
public class KeyHolders {

    private static final String FIND = """
            SELECT tenant_id, id, user_id, scopes FROM api_keys
             WHERE tenant_id = ? AND id = ? AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())""";

    private final Transactions transactions;

    KeyHolders(Transactions transactions) {
        this.transactions = transactions;
    }

    /// Empty when the key was revoked or has expired. Nothing is cached.
    public Optional<Caller> find(TenantId tenant, UUID key) {
        return transactions.inTenant(
                tenant, connection -> Sql.first(connection, FIND, KeyHolders::caller, tenant, key));
    }

    private static Caller caller(ResultSet row) throws SQLException {
        return new Caller(
                new TenantId(Sql.uuid(row, "tenant_id")), Sql.uuid(row, "id"), row.getString("user_id"), Set.of((String
                                [])
                        row.getArray("scopes").getArray()));
    }
}
