package dev.parley.usage;

import dev.parley.identity.Caller;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
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

    private static final int MAX_USER = 512;

    /// A key that is bound to a user speaks for no other.
    ///
    /// @throws Problem (400) for a user that cannot be counted: it is a key of limits and budgets
    public static Payer of(Caller caller, @Nullable String requestUser) {
        if (requestUser != null && (requestUser.length() > MAX_USER || requestUser.indexOf(0) >= 0)) {
            throw Problem.invalid("user", "'user' may have at most %d characters and no NUL.".formatted(MAX_USER));
        }
        return new Payer(
                caller.tenant(), caller.getName(), caller.keyId(), caller.user() != null ? caller.user() : requestUser);
    }

    /// The tenant itself, for work that no caller waits for.
    public static Payer of(TenantId tenant) {
        return new Payer(tenant, "", null, null);
    }
}
