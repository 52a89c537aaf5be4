package dev.parley.prompt;

import dev.parley.identity.Caller;
import dev.parley.postgres.TenantId;
import java.util.Set;
import java.util.UUID;

/// Who changes a prompt.
record Author(TenantId tenant, UUID key, Set<String> scopes) {

    static Author of(Caller caller) {
        return new Author(caller.tenant(), caller.keyId(), caller.scopes());
    }
}
