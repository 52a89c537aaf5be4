package dev.parley.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
class BootstrapIT {

    private static final TenantId DEFAULT_TENANT = new TenantId(new UUID(0, 1));

    @Inject
    Tenants tenants;

    @Inject
    ApiKeys keys;

    @Inject
    KeyAuthentication authentication;

    @Inject
    Transactions transactions;

    private final ApiKeySecret secret = ApiKeySecret.generate();

    @Test
    void theFirstKeyIsMadeOnceWithEveryScope() {
        start();
        start();

        assertThat(authentication.authenticate(secret).orElseThrow().scopes()).isEqualTo(Scopes.ALL);
    }

    @Test
    void aRevokedFirstKeyStaysRevokedAndDoesNotStopTheStart() {
        start();
        transactions.runInTenant(
                DEFAULT_TENANT,
                connection -> Sql.update(
                        connection, "UPDATE api_keys SET revoked_at = now() WHERE hash = ?", (Object) secret.hash()));
        authentication.forgetAll();

        assertThatCode(this::start).doesNotThrowAnyException();
        assertThat(authentication.authenticate(secret)).isEmpty();
    }

    private void start() {
        IdentityConfig config = () -> Optional.of(secret.value());
        new Bootstrap(config, tenants, keys, authentication).start(new StartupEvent());
    }
}
