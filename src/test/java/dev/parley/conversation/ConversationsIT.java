package dev.parley.conversation;

import static dev.parley.testing.Api.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.testing.Api;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ConversationsIT {

    private final String key = Api.newTenant();

    @Test
    void aConversationIsMadeChangedAndDeleted() {
        String id = as(key).body(Map.of("metadata", Map.of("topic", "a")))
                .post("/v1/conversations")
                .then()
                .statusCode(200)
                .body("object", equalTo("conversation"))
                .body("id", matchesPattern("conv_[0-9a-f]{32}"))
                .body("metadata.topic", equalTo("a"))
                .extract()
                .path("id");

        as(key).body(Map.of("metadata", Map.of("topic", "b")))
                .post("/v1/conversations/" + id)
                .then()
                .statusCode(200);
        as(key).get("/v1/conversations/" + id).then().statusCode(200).body("metadata.topic", equalTo("b"));
        as(key).delete("/v1/conversations/" + id)
                .then()
                .statusCode(200)
                .body("object", equalTo("conversation.deleted"))
                .body("deleted", equalTo(true));
        as(key).get("/v1/conversations/" + id).then().statusCode(404);
        as(key).delete("/v1/conversations/" + id).then().statusCode(404);
    }

    @Test
    void theBodyMayBeLeftOut() {
        as(key).post("/v1/conversations").then().statusCode(200).body("metadata", equalTo(Map.of()));
    }

    @Test
    void firstItemsAreKeptInOrder() {
        String id = as(key).body("""
                        {"items": [
                          {"role": "user", "content": "What is 6 times 7?"},
                          {"type": "function_call", "call_id": "call_1", "name": "times", "arguments": "{}"},
                          {"type": "function_call_output", "call_id": "call_1", "output": "42"},
                          {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "It is 42."}]}]}""").post("/v1/conversations").path("id");

        as(key).get("/v1/conversations/" + id + "/items?order=asc")
                .then()
                .statusCode(200)
                .body("data", hasSize(4))
                .body("data[0].id", matchesPattern("msg_[0-9a-f]{33}"))
                .body("data[0].content[0].type", equalTo("input_text"))
                .body("data[0].content[0].text", equalTo("What is 6 times 7?"))
                .body("data[1].type", equalTo("function_call"))
                .body("data[1].call_id", equalTo("call_1"))
                .body("data[2].output", equalTo("42"))
                .body("data[3].role", equalTo("assistant"))
                .body("data[3].content[0].annotations", hasSize(0));
    }

    @Test
    void aRefusalIsAPartOfItsOwn() {
        String id = as(key).body("""
                        {"items": [{"role": "user", "content": "Do it."},
                                   {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]}]}""").post("/v1/conversations").path("id");

        as(key).get("/v1/conversations/" + id + "/items?order=asc")
                .then()
                .body("data[1].content[0].type", equalTo("refusal"))
                .body("data[1].content[0].refusal", equalTo("No."))
                .body("data[1].content[0].text", nullValue());
    }

    @Test
    void itemsPageByCursorInBothDirections() {
        var items = IntStream.range(0, 20)
                .mapToObj(i -> Map.of("role", "user", "content", "message " + i))
                .toList();
        String id =
                as(key).body(Map.of("items", items)).post("/v1/conversations").path("id");

        List<String> ascending = pages(id, "asc");
        List<String> descending = pages(id, "desc");

        assertThat(ascending).hasSize(20).startsWith("message 0", "message 1").endsWith("message 19");
        assertThat(descending).isEqualTo(ascending.reversed());
    }

    @Test
    void aConversationOfAnotherTenantDoesNotExist() {
        String id = as(key).post("/v1/conversations").path("id");
        String stranger = Api.newTenant();

        as(stranger).get("/v1/conversations/" + id).then().statusCode(404);
        as(stranger).get("/v1/conversations/" + id + "/items").then().statusCode(404);
        as(stranger).delete("/v1/conversations/" + id).then().statusCode(404);
        as(stranger)
                .body(Map.of("metadata", Map.of()))
                .post("/v1/conversations/" + id)
                .then()
                .statusCode(404);
        as(key).get("/v1/conversations/" + id).then().statusCode(200);
    }

    @Test
    void badRequestsNameTheParameter() {
        assertRefused("{\"items\": [{\"role\": \"system\", \"content\": \"a\"}]}", "items[0].role");
        assertRefused("{\"items\": [{\"type\": \"reasoning\"}]}", "items[0].type");
        assertRefused(
                "{\"items\": [{\"role\": \"user\", \"content\": [{\"type\": \"input_image\"}]}]}",
                "items[0].content[0].type");
        assertRefused(
                "{\"items\": [{\"role\": \"user\", \"content\": [{\"type\": \"refusal\", \"refusal\": \"No.\"}]}]}",
                "items[0].content[0].type");
        assertRefused("{\"colour\": 1}", "colour");
        assertRefused("{\"metadata\": {\"a\": 1}}", "metadata.a");
    }

    private void assertRefused(String body, String param) {
        as(key).body(body).post("/v1/conversations").then().statusCode(400).body("error.param", equalTo(param));
    }

    private List<String> pages(String id, String order) {
        var texts = new ArrayList<String>();
        String url = "/v1/conversations/" + id + "/items?limit=7&order=" + order;
        var page = as(key).get(url);
        texts.addAll(page.path("data.content.text.flatten()"));
        while ((boolean) page.path("has_more")) {
            page = as(key).get(url + "&after=" + page.path("last_id"));
            texts.addAll(page.path("data.content.text.flatten()"));
        }
        return texts;
    }
}
