package dev.parley.conversation;

import static dev.parley.testing.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.Api;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ConversationItemsIT {

    private static final String USER = "{\"role\":\"user\",\"content\":\"Hi\"}";
    private static final String CALL =
            "{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"{}\"}";
    private static final String OUTPUT = "{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":\"x\"}";

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();
    private final String key = tenant.key();
    private final String conversation = as(key).post("/v1/conversations").path("id");
    private final String items = "/v1/conversations/" + conversation + "/items";

    @Test
    void itemsAreAddedReadAndDeleted() {
        String id = add(USER + "," + CALL)
                .statusCode(200)
                .body("object", equalTo("list"))
                .body("data", hasSize(2))
                .body("data[0].content[0].text", equalTo("Hi"))
                .extract()
                .path("data[1].id");

        as(key).get(items + "/" + id).then().statusCode(200).body("call_id", equalTo("c"));
        as(key).delete(items + "/" + id).then().statusCode(200).body("id", equalTo(conversation));
        as(key).get(items + "/" + id).then().statusCode(404);
        as(key).delete(items + "/" + id).then().statusCode(404);
        as(key).get(items).then().body("data", hasSize(1));
    }

    @Test
    void whatDoesNotBeginWithAUserBelongsToTheTurnBefore() {
        String call = add(USER + "," + CALL).extract().path("data[1].id");

        String output = add(OUTPUT).extract().path("data[0].id");

        assertThat(turn(output)).isEqualTo(turn(call));
    }

    @Test
    void aConversationWithATurnUnderWayIsLocked() {
        activate(UUID.randomUUID(), "1 minute");

        add(USER).statusCode(409).body("error.code", equalTo("conversation_locked"));

        as(key).get(items).then().body("data", hasSize(0));
    }

    @Test
    void aTurnWhoseOwnerDiedLocksNothing() {
        activate(UUID.randomUUID(), "-1 minute");

        add(USER).statusCode(200);
    }

    @Test
    void badItemsAreNamed() {
        add("").statusCode(400).body("error.param", equalTo("items"));
        add("{\"role\":\"user\"}").statusCode(400).body("error.param", equalTo("items[0].content"));
        as(key).get(items + "/msg_1").then().statusCode(404);
    }

    @Test
    void anotherTenantsItemsDoNotExist() {
        String id = add(USER).extract().path("data[0].id");
        String stranger = Api.newTenant();

        as(stranger).get(items + "/" + id).then().statusCode(404);
        as(stranger).delete(items + "/" + id).then().statusCode(404);
        as(stranger).body("{\"items\":[" + USER + "]}").post(items).then().statusCode(404);
        as(key).get(items).then().body("data", hasSize(1));
    }

    private ValidatableResponse add(String json) {
        return as(key).body("{\"items\":[" + json + "]}").post(items).then();
    }

    private static String turn(String item) {
        return item.substring(item.indexOf('_') + 1, item.indexOf('_') + 33);
    }

    private void activate(UUID turn, String lease) {
        transactions.runInTenant(tenant.id(), connection -> {
            Sql.update(connection, """
                    INSERT INTO turns (tenant_id, id, kind, model, status, lease_token, lease_until, micros, tokens,
                                       charged_tokens)
                    VALUES (?, ?, 'response', 'm', 'in_progress', gen_random_uuid(), now() + ?::interval, 0, 0, 0)""", tenant.id(), turn, lease);
            Sql.update(
                    connection,
                    "UPDATE conversations SET active_turn = ? WHERE tenant_id = ? AND id = ?",
                    turn,
                    tenant.id(),
                    Ids.parse(ConversationId.PREFIX, conversation).orElseThrow());
        });
    }
}
