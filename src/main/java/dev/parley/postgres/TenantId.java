package dev.parley.postgres;

import java.util.UUID;

/// The tenant whose rows a transaction may see.
public record TenantId(UUID value) {

    public static final String PREFIX = "tenant_";

    @Override
    public String toString() {
        return Ids.format(PREFIX, value);
    }
}
