package dev.parley.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.testing.Api;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `/v1/tools` and `/v1/tool_secrets` as admins and others use them.
@QuarkusTest
@TestProfile(ToolWorld.class)
class ToolsIT {

    private static final List<String> BUILT_IN =
            List.of("calculator", "current_time", "fetch_page", "search_knowledge");

    private final TestTenant tenant = TestTenant.create();

    private static Map<String, Object> definition(String name) {
        var definition = new HashMap<String, Object>(Map.of(
                "name",
                name,
                "type",
                "http",
                "description",
                "Reads.",
                "method",
                "GET",
                "url",
                "https://api.example/x"));
        return definition;
    }

    private static Map<String, Object> with(Map<String, Object> fields, String name, Object value) {
        fields.put(name, value);
        return fields;
    }

    private ValidatableResponse declare(Map<String, Object> definition) {
        return tenant.request().body(definition).post("/v1/tools").then();
    }

    private String keyWith(String... scopes) {
        return tenant.request()
                .body(Map.of("name", "some", "scopes", scopes))
                .post("/v1/keys")
                .then()
                .statusCode(200)
                .extract()
                .path("value");
    }

    @Test
    void theToolsThatComeAlongAreListedWithTheirSchema() {
        Api.as(keyWith("tools"))
                .get("/v1/tools")
                .then()
                .statusCode(200)
                .body("data.findAll { it.type == 'builtin' }.name", equalTo(BUILT_IN))
                .body("data.findAll { it.type == 'builtin' && it.effects }", empty())
                .body("data[0].object", equalTo("tool"))
                .body("data[0].parameters.required", contains("expression"))
                .body("data[0].parameters.additionalProperties", equalTo(false))
                .body("data[0].scopes", empty())
                .body("data[0].approval", equalTo(false))
                .body("data[0].server", nullValue())
                .body("has_more", equalTo(false));
    }

    @Test
    void aDeclaredToolIsReadChangedAndDeleted() {
        declare(definition("orders"))
                .statusCode(200)
                .body("name", equalTo("orders"))
                .body("type", equalTo("http"));
        declare(definition("orders")).statusCode(409).body("error.code", equalTo("tool_exists"));

        tenant.request()
                .body(with(definition("orders"), "approval", true))
                .put("/v1/tools/orders")
                .then()
                .statusCode(200)
                .body("approval", equalTo(true));
        tenant.request()
                .get("/v1/tools/orders")
                .then()
                .statusCode(200)
                .body("approval", equalTo(true))
                .body("definition.url", equalTo("https://api.example/x"));
        tenant.request()
                .body(definition("other"))
                .put("/v1/tools/orders")
                .then()
                .statusCode(400);

        tenant.request().delete("/v1/tools/orders").then().statusCode(200).body("deleted", equalTo(true));
        tenant.request().get("/v1/tools/orders").then().statusCode(404).body("error.code", equalTo("tool_not_found"));
        tenant.request().delete("/v1/tools/orders").then().statusCode(404);
    }

    @Test
    void aDeclarationIsRepeatedByItsKeyOnce() {
        for (String replayed : new String[] {null, "true"}) {
            tenant.request()
                    .header("Idempotency-Key", "one")
                    .body(definition("orders"))
                    .post("/v1/tools")
                    .then()
                    .statusCode(200)
                    .header("idempotency-replayed", equalTo(replayed));
        }
    }

    @Test
    void namesAreUniqueOverAllSources() {
        declare(definition("calculator")).statusCode(409).body("error.code", equalTo("tool_name_reserved"));
        tenant.request()
                .body(definition("calculator"))
                .put("/v1/tools/calculator")
                .then()
                .statusCode(409);
        declare(definition("server__tool")).statusCode(400).body("error.param", equalTo("name"));
        declare(definition("a b")).statusCode(400).body("error.param", equalTo("name"));
        declare(definition("x".repeat(65))).statusCode(400).body("error.param", equalTo("name"));
        tenant.request().delete("/v1/tools/calculator").then().statusCode(404);
    }

    @Test
    void aCallerSeesWhatItsScopesAllow() {
        declare(definition("open")).statusCode(200);
        declare(with(definition("guarded"), "scopes", List.of("tool:refunds", "tool:money")))
                .statusCode(200);
        String plain = keyWith("tools");
        String half = keyWith("tools", "tool:refunds");
        String full = keyWith("tools", "tool:refunds", "tool:money");

        for (String key : List.of(plain, half)) {
            Api.as(key)
                    .get("/v1/tools")
                    .then()
                    .body("data.name", hasItem("open"))
                    .body("data.name", not(hasItem("guarded")));
            Api.as(key)
                    .get("/v1/tools/guarded")
                    .then()
                    .statusCode(403)
                    .body("error.code", equalTo("insufficient_scope"));
        }
        Api.as(full)
                .get("/v1/tools/guarded")
                .then()
                .statusCode(200)
                .body("scopes", contains("tool:money", "tool:refunds"))
                .body("definition", nullValue());
        tenant.request().get("/v1/tools").then().body("data.name", hasItems("open", "guarded"));
        tenant.request().get("/v1/tools/guarded").then().statusCode(200).body("definition.method", equalTo("GET"));
        Api.as(keyWith("chat")).get("/v1/tools").then().statusCode(403);
        for (String path : List.of("/v1/tools", "/v1/tool_secrets")) {
            Api.as(full).body(definition("x")).post(path).then().statusCode(path.endsWith("secrets") ? 405 : 403);
        }
        Api.as(full).body(definition("open")).put("/v1/tools/open").then().statusCode(403);
        Api.as(full).delete("/v1/tools/open").then().statusCode(403);
        Api.as(full).get("/v1/tool_secrets").then().statusCode(403);
    }

    @Test
    void theListPagesInBothDirections() {
        declare(definition("a1")).statusCode(200);
        declare(definition("b2")).statusCode(200);

        tenant.request()
                .get("/v1/tools?limit=2")
                .then()
                .body("data.name", contains("a1", "b2"))
                .body("last_id", equalTo("b2"))
                .body("has_more", equalTo(true));
        tenant.request()
                .get("/v1/tools?limit=2&after=b2")
                .then()
                .body("data.name", contains("calculator", "current_time"));
        tenant.request()
                .get("/v1/tools?limit=2&order=desc&after=calculator")
                .then()
                .body("data.name", contains("b2", "a1"))
                .body("has_more", equalTo(false));
        tenant.request().get("/v1/tools?limit=0").then().statusCode(400);
    }

    @Test
    void whatIsAnotherTenantsDoesNotExist() {
        declare(definition("orders")).statusCode(200);
        putSecret("shop", "value-one", "a.example").statusCode(200);
        TestTenant other = TestTenant.create();

        other.request().get("/v1/tools/orders").then().statusCode(404);
        other.request().delete("/v1/tools/orders").then().statusCode(404);
        other.request().get("/v1/tools").then().body("data.name", not(hasItem("orders")));
        other.request().get("/v1/tool_secrets").then().body("data", empty());
        other.request().delete("/v1/tool_secrets/shop").then().statusCode(404);
        other.request()
                .body(with(
                        with(definition("mine"), "url", "https://a.example/"),
                        "headers",
                        Map.of("X", "{{secret:shop}}")))
                .post("/v1/tools")
                .then()
                .statusCode(400);
        assertThat(ToolWorld.find(tenant.id(), "orders")).isNotNull();
    }

    private ValidatableResponse putSecret(String name, Object value, Object... hosts) {
        return tenant.request()
                .body(Map.of("value", value, "hosts", hosts))
                .put("/v1/tool_secrets/" + name)
                .then();
    }

    @Test
    void aSecretIsNeverShownAgain() {
        String put = putSecret("shop", "value-one", "b.example", "a.example:8443")
                .statusCode(200)
                .extract()
                .asString();
        putSecret("shop", "value-two", "a.example").statusCode(200);
        putSecret("bank", "value-three", "a.example").statusCode(200);

        String listed = tenant.request()
                .get("/v1/tool_secrets")
                .then()
                .statusCode(200)
                .body("data.name", contains("bank", "shop"))
                .body("data[1].hosts", contains("a.example"))
                .extract()
                .asString();
        tenant.request().get("/v1/tool_secrets?limit=1&after=bank").then().body("data.name", contains("shop"));
        tenant.request().get("/v1/tool_secrets/shop").then().statusCode(405);
        String deleted = tenant.request()
                .delete("/v1/tool_secrets/shop")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertThat(put + listed + deleted).doesNotContain("value-");
    }

    @Test
    void badSecretsNameWhatIsWrong() {
        putSecret("a%20b", "x", "a.example").statusCode(400).body("error.param", equalTo("name"));
        putSecret("a", "", "a.example").statusCode(400).body("error.param", equalTo("value"));
        putSecret("a", "line\nbreak", "a.example").statusCode(400).body("error.param", equalTo("value"));
        putSecret("a", 7, "a.example").statusCode(400).body("error.param", equalTo("value"));
        putSecret("a", "x").statusCode(400).body("error.param", equalTo("hosts"));
        for (String host : List.of("*", "*.example", "https://a.example", "A.example", "a.example/x", "a@b.example")) {
            putSecret("a", "x", host).statusCode(400).body("error.param", equalTo("hosts[0]"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}", "{\"name\":\"a\",\"type\":\"shell\"}", "{\"name\":\"a\",\"type\":7}"})
    void whatIsNoDeclarationIsRefused(String body) {
        tenant.request().body(body).post("/v1/tools").then().statusCode(400);
    }
}
