package dev.parley.usage;

import dev.parley.identity.Caller;
import dev.parley.postgres.TenantId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// On whose account work is done.
///
/// @param caller whose idempotency keys count
/// @param key null for a tenant's own work
/// @param user the end user, as the key or the request names one
public record Payer(
        TenantId tenant,
        String caller,
        @Nullable UUID key,
        @Nullable String user) {

    /// A key that is bound to a user speaks for no other.
    public static Payer of(Caller caller, @Nullable String requestUser) {
        return new Payer(
                caller.tenant(), caller.getName(), caller.keyId(), caller.user() != null ? caller.user() : requestUser);
    }

    /// The tenant itself, for work that no caller waits for.
    public static Payer of(TenantId tenant) {
        return new Payer(tenant, "", null, null);
    }
}
