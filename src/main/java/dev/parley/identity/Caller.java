package dev.parley.identity;

import dev.parley.postgres.TenantId;
import java.security.Principal;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Who sent a request, however they signed in.
///
/// @param user the end user the key is bound to, if it is
public record Caller(TenantId tenant, UUID keyId, @Nullable String user, Set<String> scopes) implements Principal {

    @Override
    public String getName() {
        return ApiKeys.ID_PREFIX + keyId;
    }
}
