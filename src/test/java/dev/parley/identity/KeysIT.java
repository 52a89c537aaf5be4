package dev.parley.identity;

import static dev.parley.testing.Api.anonymous;
import static dev.parley.testing.Api.as;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.parley.testing.Api;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
class KeysIT {

    private final String admin = Api.newTenant();

    @Test
    void aCreatedKeyWorksUntilItIsRevoked() {
        var created = as(admin)
                .body(Map.of("name", "ci", "scopes", List.of("admin")))
                .post("/v1/keys")
                .then()
                .statusCode(200)
                .body("value", matchesPattern("sk-parley-[A-Za-z0-9_-]{43}"))
                .extract();
        String secret = created.path("value");
        String id = created.path("id");

        as(secret).get("/v1/keys").then().statusCode(200).body("data.id", hasItem(id));
        as(secret).delete("/v1/keys/" + id).then().statusCode(200).body("deleted", equalTo(true));

        as(secret).get("/v1/keys").then().statusCode(401).body("error.code", equalTo("invalid_api_key"));
        as(admin).delete("/v1/keys/" + id).then().statusCode(404);
    }

    @Test
    void aSecretIsShownOnceAndNeverAgain() {
        as(admin).body(Map.of("name", "shown")).post("/v1/keys").then().statusCode(200);

        as(admin)
                .get("/v1/keys")
                .then()
                .body("data.value", everyItem(nullValue()))
                .body("data.redacted_value", everyItem(matchesPattern("sk-parley-.{6}…")));
    }

    @Test
    void aKeyWithoutTheScopeIsForbidden() {
        String chatOnly = as(admin)
                .body(Map.of("name", "chat", "scopes", List.of("chat")))
                .post("/v1/keys")
                .path("value");

        as(chatOnly).get("/v1/keys").then().statusCode(403).body("error.code", equalTo("insufficient_permissions"));
        as(admin).get("/v1/tenants").then().statusCode(403);
    }

    @Test
    void anAdminCannotMakeAnOperator() {
        as(admin)
                .body(Map.of("name", "more", "scopes", List.of("operator")))
                .post("/v1/keys")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("scopes"));
    }

    @Test
    void anExpiredKeyIsRefusedAtCreation() {
        as(admin)
                .body(Map.of("name", "late", "expires_at", 1))
                .post("/v1/keys")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("expires_at"));
    }

    @Test
    void aRequestWithoutAKeyOrWithAWrongOneGetsOpenAisEnvelope() {
        for (var request : List.of(anonymous(), as("sk-parley-wrong"), as("wrong"), as(""))) {
            request.get("/v1/keys")
                    .then()
                    .statusCode(401)
                    .header("x-request-id", startsWith("req_"))
                    .body("error.type", equalTo("invalid_request_error"))
                    .body("error.message", containsString("API key"));
        }
    }

    @Test
    void aBadBodyNamesTheParameter() {
        as(admin)
                .body("{\"name\":\"\"}")
                .post("/v1/keys")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("name"));
        as(admin)
                .body("{\"name\":\"a\",\"colour\":1}")
                .post("/v1/keys")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("colour"))
                .body("error.code", equalTo("unknown_parameter"));
        as(admin)
                .body("{\"name\":\"a\",\"scopes\":7}")
                .post("/v1/keys")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("scopes"));
        as(admin).body("{").post("/v1/keys").then().statusCode(400).body("error.code", equalTo("invalid_json"));
        as(admin).post("/v1/keys").then().statusCode(400);
    }

    @Test
    void anUnknownUrlGetsOpenAisEnvelope() {
        as(admin).get("/v1/nope").then().statusCode(404).body("error.code", equalTo("unknown_url"));
        as(admin).put("/v1/keys").then().statusCode(405).body("error.code", equalTo("method_not_supported"));
    }

    @Test
    void keysOfAnotherTenantDoNotExist() {
        String other = Api.newTenant();
        String id = as(admin).body(Map.of("name", "mine")).post("/v1/keys").path("id");

        as(other).delete("/v1/keys/" + id).then().statusCode(404);
        as(other).get("/v1/keys").then().body("data.id", not(hasItem(id)));
    }

    @Test
    void listsPageByCursor() {
        as(admin).body(Map.of("name", "second")).post("/v1/keys");
        String first = as(admin)
                .get("/v1/keys?limit=1")
                .then()
                .body("has_more", equalTo(true))
                .extract()
                .path("last_id");

        as(admin)
                .get("/v1/keys?limit=1&after=" + first)
                .then()
                .body("has_more", equalTo(false))
                .body("data[0].name", equalTo("First admin key"));
        as(admin).get("/v1/keys?limit=0").then().statusCode(400).body("error.param", equalTo("limit"));
    }

    @Test
    void aSuspendedTenantsKeysStopUntilItIsResumed() {
        String id = Api.asDeveloper().get("/v1/tenants?limit=1").path("data[0].id");

        Api.asDeveloper().post("/v1/tenants/" + id + "/suspend").then().statusCode(200);
        as(admin).get("/v1/keys").then().statusCode(401);

        Api.asDeveloper().post("/v1/tenants/" + id + "/resume").then().statusCode(200);
        as(admin).get("/v1/keys").then().statusCode(200);
    }
}
