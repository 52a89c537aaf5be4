package dev.parley.idempotency;

import dev.parley.postgres.TenantId;

/// Tells whose idempotency keys count in the request that is being served. Identity knows; it stands above this
/// feature.
public interface Claimants {

    Claimant claimant();

    /// @param caller two of them may use the same key
    record Claimant(TenantId tenant, String caller) {}
}
