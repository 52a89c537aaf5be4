package dev.parley.identity;

import dev.parley.postgres.DatabaseFailure;
import dev.parley.postgres.TenantId;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigUtils;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.UUID;

/// Makes the first tenant and key where the configuration names one. Without one it does nothing: a cold start pays
/// for it only when asked to.
@ApplicationScoped
class Bootstrap {

    private static final int MIN_SECRET_LENGTH = 40;
    private static final TenantId DEFAULT_TENANT = new TenantId(new UUID(0, 1));

    private final IdentityConfig config;
    private final Tenants tenants;
    private final ApiKeys keys;
    private final KeyAuthentication authentication;

    Bootstrap(IdentityConfig config, Tenants tenants, ApiKeys keys, KeyAuthentication authentication) {
        this.config = config;
        this.tenants = tenants;
        this.keys = keys;
        this.authentication = authentication;
    }

    void start(@Observes StartupEvent event) {
        config.bootstrapKey().ifPresent(this::ensureKey);
    }

    private void ensureKey(String value) {
        var secret = new ApiKeySecret(value);
        check(secret, isDevelopment());
        if (authentication.authenticate(secret).isPresent()) {
            return;
        }
        authentication.forgetAll();
        tenants.create(DEFAULT_TENANT, "default");
        try {
            keys.create(DEFAULT_TENANT, secret, new NewApiKey("Bootstrap key", Scopes.ALL, null, null));
        } catch (DatabaseFailure failure) {
            if (!failure.isDuplicate()) {
                throw failure;
            }
        }
    }

    static void check(ApiKeySecret secret, boolean development) {
        if (development && secret.isDevelopmentKey()) {
            return;
        }
        if (!secret.value().startsWith(ApiKeySecret.PREFIX) || secret.value().length() < MIN_SECRET_LENGTH) {
            throw new IllegalStateException(
                    "PARLEY_IDENTITY_BOOTSTRAP_KEY must start with '%s' and have at least %d characters. Make one with: echo %s$(openssl rand -hex 32)"
                            .formatted(ApiKeySecret.PREFIX, MIN_SECRET_LENGTH, ApiKeySecret.PREFIX));
        }
    }

    static boolean isDevelopment() {
        return ConfigUtils.isProfileActive("dev") || ConfigUtils.isProfileActive("test");
    }
}
