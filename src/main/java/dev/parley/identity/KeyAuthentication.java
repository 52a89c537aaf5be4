package dev.parley.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// Finds out who holds a key. Answers are cached for ten seconds, unknown keys
/// too, so that neither a busy nor a wrong key reaches the database more often.
@ApplicationScoped
class KeyAuthentication {

    private static final Duration MAX_AGE = Duration.ofSeconds(10);
    private static final int MAX_ENTRIES = 10_000;

    private final Transactions transactions;
    private final Cache<ByteBuffer, Optional<Caller>> known;

    KeyAuthentication(Transactions transactions) {
        this.transactions = transactions;
        this.known = Caffeine.newBuilder()
                .expireAfterWrite(MAX_AGE)
                .maximumSize(MAX_ENTRIES)
                .build();
    }

    Optional<Caller> authenticate(ApiKeySecret secret) {
        return known.get(ByteBuffer.wrap(secret.hash()), hash -> lookUp(hash.array()));
    }

    /// Forgets what it knows, in this process: another one learns of a revoked key when its entry expires.
    void forgetAll() {
        known.invalidateAll();
    }

    private Optional<Caller> lookUp(byte[] hash) {
        return transactions.withoutTenant(connection -> Sql.first(
                connection,
                "SELECT tenant_id, key_id, user_id, scopes FROM authenticate_key(?)",
                KeyAuthentication::caller,
                (Object) hash));
    }

    private static Caller caller(ResultSet row) throws SQLException {
        Array scopes = row.getArray("scopes");
        return new Caller(
                new TenantId(Sql.uuid(row, "tenant_id")),
                Sql.uuid(row, "key_id"),
                row.getString("user_id"),
                Set.of((String[]) scopes.getArray()));
    }
}
