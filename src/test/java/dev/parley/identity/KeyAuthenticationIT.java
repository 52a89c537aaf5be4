package dev.parley.identity;

import static dev.parley.testing.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.testing.Api;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class KeyAuthenticationIT {

    @Inject
    Transactions transactions;

    @Inject
    KeyAuthentication authentication;

    private TenantId tenant;
    private UUID key;
    private String secret;

    @BeforeEach
    void makeAKey() {
        var created = Api.asDeveloper()
                .body(Map.of("name", "test"))
                .post("/v1/tenants")
                .then()
                .extract();
        tenant = new TenantId(Ids.parse(TenantId.PREFIX, created.path("id")).orElseThrow());
        key = Ids.parse(ApiKeys.ID_PREFIX, created.path("admin_key.id")).orElseThrow();
        secret = created.path("admin_key.value");
    }

    @Test
    void aKeyThatAnotherProcessRevokedSoonStops() {
        as(secret).get("/v1/keys").then().statusCode(200);

        change("revoked_at = now()");

        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> as(secret).get("/v1/keys").statusCode() == 401);
    }

    @Test
    void anExpiredKeyIsRefused() {
        change("expires_at = now() - interval '1 second'");

        as(secret).get("/v1/keys").then().statusCode(401);
    }

    @Test
    void lastUseIsWrittenAtMostOnceAMinute() {
        as(secret).get("/v1/keys").then().statusCode(200);
        Instant first = lastUse();

        authentication.forgetAll();
        as(secret).get("/v1/keys").then().statusCode(200);
        assertThat(lastUse()).isEqualTo(first);

        change("last_used_at = now() - interval '61 seconds'");
        authentication.forgetAll();
        as(secret).get("/v1/keys").then().statusCode(200);
        assertThat(lastUse()).isAfter(first);
    }

    @Test
    void onlyTheHashOfASecretIsStored() {
        String row = transactions
                .inTenant(
                        tenant,
                        connection -> Sql.first(
                                connection,
                                "SELECT row_to_json(k)::text FROM api_keys k WHERE id = ?",
                                found -> found.getString(1),
                                key))
                .orElseThrow();

        assertThat(row).doesNotContain(secret).contains(secret.substring(0, ApiKeySecret.PREFIX.length() + 6));
    }

    private void change(String assignment) {
        transactions.runInTenant(
                tenant,
                connection -> Sql.update(connection, "UPDATE api_keys SET " + assignment + " WHERE id = ?", key));
    }

    private Instant lastUse() {
        return transactions
                .inTenant(
                        tenant,
                        connection -> Sql.first(
                                connection,
                                "SELECT last_used_at FROM api_keys WHERE id = ?",
                                row -> Sql.instant(row, "last_used_at"),
                                key))
                .orElseThrow();
    }
}
