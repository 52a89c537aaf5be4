package dev.parley.identity;

import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;

/// Tells who sent the request that is being served.
@ApplicationScoped
public class Callers {

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
}
