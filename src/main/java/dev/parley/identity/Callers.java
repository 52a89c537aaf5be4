package dev.parley.identity;

import dev.parley.idempotency.Claimants;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;

/// Tells who sent the request that is being served.
@ApplicationScoped
public class Callers implements Claimants {

    private final SecurityIdentity identity;

    Callers(SecurityIdentity identity) {
        this.identity = identity;
    }

    /// @throws UnauthorizedException when the request carries no valid credential
    public Caller current() {
        if (identity.getPrincipal() instanceof Caller caller) {
            return caller;
        }
        throw new UnauthorizedException();
    }

    @Override
    public Claimant claimant() {
        Caller caller = current();
        return new Claimant(caller.tenant(), caller.getName());
    }
}
