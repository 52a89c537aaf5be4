package dev.parley.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.testing.TestTenant;
import dev.parley.tool.ToolWorld.Server;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(ToolWorld.class)
class HttpToolIT {

    private static final String SECRET = "sk-very-secret-value";

    private final TestTenant tenant = TestTenant.create();
    private Server server;

    @BeforeEach
    void start() {
        server = new Server();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ValidatableResponse declare(String definition) {
        return tenant.request()
                .body(filled(definition))
                .put("/v1/tools/" + name(definition))
                .then();
    }

    private static String filled(String definition) {
        var json = (ObjectNode) RecordSchemaTest.json(definition.replace("URL", ToolWorld.url()));
        json.put("type", "http");
        if (!json.has("description")) {
            json.put("description", "For tests.");
        }
        return json.toString();
    }

    private static String name(String definition) {
        return RecordSchemaTest.json(definition.replace("URL", "")).get("name").textValue();
    }

    private String call(String tool, String arguments) {
        return ToolWorld.call(tenant.id(), tool, arguments);
    }

    private ToolFailure failure(String tool, String arguments) {
        return catchThrowableOfType(ToolFailure.class, () -> call(tool, arguments));
    }

    private void store(String name, String host) {
        tenant.request()
                .body(Map.of("value", SECRET, "hosts", new String[] {host}))
                .put("/v1/tool_secrets/" + name)
                .then()
                .statusCode(200);
    }

    private static final String ORDER = "{'name':'order','method':'GET','url':'URL/orders/{id}?full=yes',"
            + "'parameters':{'type':'object','properties':{'id':{'type':'string'},'lines':{'type':'array'}},'required':['id']}}";

    @Test
    void aReadPutsWhatItsUrlDoesNotNameIntoTheQuery() {
        server.on("/orders/", 200, "application/json", "{\"total\":7}");
        declare(ORDER).statusCode(200).body("effects", equalTo(false)).body("type", equalTo("http"));

        assertThat(call("order", "{'id':'a/b &c','lines':[1,'x y']}")).isEqualTo("{\"total\":7}");
        assertThat(server.requests.getFirst().uri()).isEqualTo("/orders/a%2Fb%20%26c?full=yes&lines=1&lines=x%20y");
        assertThat(server.requests.getFirst().headers()).doesNotContainKey("Idempotency-Key");
    }

    @Test
    void argumentsThatDoNotFitAreNotSent() {
        server.on("/", 200, "text/plain", "");
        declare(ORDER).statusCode(200);

        assertThat(failure("order", "{}")).hasMessageContaining("id");
        assertThat(failure("order", "{'id':7}")).hasMessageContaining("'id'");
        assertThat(failure("order", "{'id':'7','admin':true}")).hasMessageContaining("admin");
        assertThat(failure("order", "{'id':'..'}").mayHaveHappened()).isFalse();
        assertThat(server.requests).isEmpty();
    }

    private static final String REFUND = "{'name':'refund','method':'POST','url':'URL/refunds/{order}',"
            + "'headers':{'Authorization':'Bearer {{secret:shop}}','X-Kind':'test'},"
            + "'parameters':{'type':'object','properties':{'order':{'type':'integer'},'cents':{'type':'integer'}},'required':['order']},"
            + "'status_check':{'url':'URL/refunds/{order}/by/{effect_id}','result':'/refund/id'}}";

    @Test
    void aWriteCarriesItsSecretItsBodyAndTheEffectsId() {
        store("shop", "127.0.0.1:" + ToolWorld.port());
        server.on("/refunds/", 201, "application/json", "{\"ok\":true}");
        declare(REFUND).statusCode(200).body("effects", equalTo(true));
        UUID effect = UUID.randomUUID();

        String answer = ToolWorld.find(tenant.id(), "refund")
                .call(ToolWorld.invocation(tenant.id(), "{'order':5,'cents':100}", effect));

        assertThat(answer).isEqualTo("{\"ok\":true}");
        var request = server.requests.getFirst();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.uri()).isEqualTo("/refunds/5");
        assertThat(request.body()).isEqualTo("{\"cents\":100}");
        assertThat(request.headers())
                .containsEntry("Authorization", "Bearer " + SECRET)
                .containsEntry("X-Kind", "test")
                .containsEntry("Content-Type", "application/json")
                .containsEntry("Idempotency-Key", effect.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "400, false",
        "404, false",
        "429, false",
        "500, true",
        "503, true",
        "302, true",
    })
    void onlyARefusalSaysThatNothingHappened(int status, boolean inDoubt) {
        store("shop", "127.0.0.1:" + ToolWorld.port());
        server.on("/refunds/", exchange -> {
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            Server.send(exchange, status, "text/plain", "Too late.".getBytes());
        });
        declare(REFUND).statusCode(200);

        assertThat(failure("refund", "{'order':5}").mayHaveHappened()).isEqualTo(inDoubt);
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void aRefusalIsToldToTheModelAsItIsAndAReadIsNeverInDoubt() {
        server.on("/orders/", 503, "text/plain", "Closed on Sundays.");
        declare(ORDER).statusCode(200);

        assertThat(failure("order", "{'id':'1'}"))
                .hasMessageContaining("503")
                .hasMessageContaining("Closed on Sundays.");
        assertThat(failure("order", "{'id':'1'}").mayHaveHappened()).isFalse();
    }

    @Test
    void anEffectWhoseAnswerDoesNotComeIsInDoubt() {
        var over = new CountDownLatch(1);
        store("shop", "127.0.0.1:" + ToolWorld.port());
        server.on("/refunds/", exchange -> {
            try {
                over.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        declare(REFUND).statusCode(200);

        assertThat(failure("refund", "{'order':5}").mayHaveHappened()).isTrue();
        over.countDown();
    }

    @Test
    void anEffectThatNeverArrivedDidNotHappen() {
        store("shop", "127.0.0.1:" + ToolWorld.port());
        declare(REFUND).statusCode(200);
        server.close();

        assertThat(failure("refund", "{'order':5}").mayHaveHappened()).isFalse();
        server = new Server();
    }

    @ParameterizedTest
    @CsvSource({"200, HAPPENED, r-1", "404, NOT_HAPPENED,", "500, UNKNOWN,", "204, UNKNOWN,"})
    void theServerIsAskedWhatBecameOfAnEffect(int status, EffectCheck.Verdict verdict, String result) {
        store("shop", "127.0.0.1:" + ToolWorld.port());
        server.on("/refunds/5/by/", status, "application/json", status == 204 ? "" : "{\"refund\":{\"id\":\"r-1\"}}");
        declare(REFUND).statusCode(200);
        UUID effect = UUID.randomUUID();

        EffectCheck check =
                ToolWorld.find(tenant.id(), "refund").check(ToolWorld.invocation(tenant.id(), "{'order':5}", effect));

        assertThat(check).isEqualTo(new EffectCheck(verdict, result));
        assertThat(server.requests.getFirst().uri()).isEqualTo("/refunds/5/by/" + effect);
        assertThat(server.requests.getFirst().headers()).containsEntry("Authorization", "Bearer " + SECRET);
    }

    @Test
    void aBodyOfItsOwnTakesArgumentsWhereTheyStand() {
        server.on("/notes", 204, "", "");
        declare(
                        "{'name':'note','method':'POST','url':'URL/notes','body':{'note':{'text':'{text}','by':'model'},'tags':['{tag}']},"
                                + "'parameters':{'type':'object','properties':{'text':{'type':'string'},'tag':{'type':'string'}}}}")
                .statusCode(200);

        assertThat(call("note", "{'text':'\\\",\\\"by\\\":\\\"admin'}")).isEqualTo("(status 204, no content)");
        assertThat(RecordSchemaTest.json(server.requests.getFirst().body().replace("'", "\\u0027")))
                .isEqualTo(
                        RecordSchemaTest.json("{'note':{'text':'\\\",\\\"by\\\":\\\"admin','by':'model'},'tags':[]}"));
    }

    @Test
    void longAnswersAreCutOffAndOthersThanTextRefused() {
        server.on("/orders/long", 200, "text/plain; charset=iso-8859-1", "x".repeat(100));
        server.on("/orders/image", 200, "image/png", "PNG");
        server.on("/orders/problem", 200, "application/problem+json", "{}");
        declare(ORDER.replace("'method'", "'max_response_bytes':10,'method'")).statusCode(200);

        assertThat(call("order", "{'id':'long'}"))
                .startsWith("xxxxxxxxxx\n(cut off")
                .contains("10 bytes");
        assertThat(failure("order", "{'id':'image'}")).hasMessageContaining("image/png");
        assertThat(call("order", "{'id':'problem'}")).isEqualTo("{}");
    }

    @Test
    void aSecretIsSentToItsHostsOnly() {
        declare(REFUND).statusCode(400).body("error.message", containsString("no secret 'shop'"));
        store("shop", "api.example.com");
        declare(REFUND)
                .statusCode(400)
                .body("error.param", equalTo("headers"))
                .body("error.message", containsString("is not for 127.0.0.1"));

        store("shop", "127.0.0.1:" + ToolWorld.port());
        declare(REFUND).statusCode(200);
        declare(REFUND.replace("URL/refunds/{order}/by", "https://evil.example/{order}/by"))
                .statusCode(400);
        declare(REFUND.replace("URL/refunds/{order}'", "https://evil.example/{order}'"))
                .statusCode(400);

        server.on("/", 200, "text/plain", "");
        store("shop", "api.example.com");
        assertThat(failure("refund", "{'order':5}"))
                .hasMessageContaining("not for 127.0.0.1")
                .message()
                .doesNotContain(SECRET);
        tenant.request().delete("/v1/tool_secrets/shop").then().statusCode(200);
        assertThat(failure("refund", "{'order':5}")).hasMessageContaining("missing");
        assertThat(server.requests).isEmpty();
    }

    @Test
    void aRedirectInsideIsNotFollowed() {
        store("shop", "127.0.0.1:" + ToolWorld.port());
        String elsewhere = "http://10.1.2.3:" + ToolWorld.port() + "/";
        server.on("/here", exchange -> {
            exchange.getResponseHeaders().set("Location", elsewhere);
            Server.send(exchange, 302, "text/plain", "moved".getBytes());
        });
        declare("{'name':'away','method':'GET','url':'URL/here','headers':{'X-Key':'{{secret:shop}}'}}")
                .statusCode(200);

        assertThat(failure("away", "{}")).hasMessageContaining("not on the public internet");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'method':'TRACE','url':'URL/'|method",
                "'url':'URL/'|method",
                "'method':'GET'|url",
                "'method':'GET','url':'https://{host}/','parameters':{'type':'object','properties':{'host':{}},'required':['host']}|url",
                "'method':'GET','url':'URL/{id}'|url",
                "'method':'GET','url':'URL/{id}','parameters':{'type':'object','properties':{'id':{}}}|url",
                "'method':'GET','url':'URL/','parameters':{'type':'array'}|parameters",
                "'method':'GET','url':'URL/','parameters':{'type':'object','properties':{'a':{'$ref':'http://x.example/'}}}|parameters",
                "'method':'GET','url':'URL/','body':{}|body",
                "'method':'POST','url':'URL/','body':{'a':'{b}'}|body",
                "'method':'GET','url':'URL/','headers':{'X':'{{secret:a b}}'}|headers.X",
                "'method':'GET','url':'URL/','headers':{'X Y':'a'}|headers.X Y",
                "'method':'GET','url':'URL/','headers':{'X':'a\\nb'}|headers.X",
                "'method':'GET','url':'URL/','scopes':['admin']|scopes[0]",
                "'method':'GET','url':'URL/','timeout_ms':1|timeout_ms",
                "'method':'GET','url':'URL/','timeout_ms':10000000|timeout_ms",
                "'method':'GET','url':'URL/','max_response_bytes':100000000|max_response_bytes",
                "'method':'POST','url':'URL/','status_check':{'url':'URL/x'}|status_check.url",
                "'method':'POST','url':'URL/','status_check':{'url':'URL/{effect_id}','result':'id'}|status_check.result",
                "'method':'GET','url':'URL/','description':' '|description",
                "'method':'GET','url':'URL/','vector_store_ids':[]|vector_store_ids",
            })
    void badDeclarationsNameWhatIsWrong(String definitionAndParam) {
        String[] parts = definitionAndParam.split("\\|");

        declare("{'name':'bad'," + parts[0] + "}").statusCode(400).body("error.param", equalTo(parts[1]));
    }
}
