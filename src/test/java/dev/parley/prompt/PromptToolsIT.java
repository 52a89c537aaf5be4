package dev.parley.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.Step;
import dev.parley.testing.TestStore;
import dev.parley.testing.TestTenant;
import dev.parley.tool.TestTools;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tools and knowledge that a prompt brings to the turns that name it.
@QuarkusTest
class PromptToolsIT {

    private final TestTenant tenant = TestTenant.create();

    private void make(Map<String, ?> more) {
        var version = new HashMap<String, Object>(Map.of(
                "name", "helper",
                "model", "priced-alone",
                "messages", List.of(Map.of("role", "system", "content", "Help."))));
        version.putAll(more);
        String id = tenant.request()
                .body(version)
                .post("/v1/prompts")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
        tenant.request()
                .body(Map.of("version", 1))
                .put("/v1/prompts/" + id + "/labels/production")
                .then()
                .statusCode(200);
    }

    private Map<String, Object> asking(String path, String text) {
        return path.endsWith("responses")
                ? Map.of("prompt", Map.of("id", "helper"), "input", text)
                : Map.of(
                        "parley", Map.of("prompt", Map.of("id", "helper")),
                        "messages", List.of(Map.of("role", "user", "content", text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/responses", "/v1/chat/completions"})
    void itsToolsAreCalled(String path) {
        make(Map.of("tools", List.of(TestTools.ECHO)));
        var script = ScriptedProvider.script(
                Reply.steps(new Step.ToolCall(0, "call_0", TestTools.ECHO, "{\"text\":\"hi\"}")), Reply.text("Said."));

        tenant.request()
                .body(asking(path, "Say " + script.marker()))
                .post(path)
                .then()
                .statusCode(200)
                .body("parley.receipt.tool_calls[0].tool", equalTo(TestTools.ECHO))
                .body("parley.receipt.tool_calls[0].status", equalTo("completed"));

        assertThat(script.requests().getLast().message(-1)).isEqualTo("echo: hi");
    }

    @Test
    void itsKnowledgeIsSearched() {
        TestStore store = TestStore.create(tenant.key());
        String file = store.add("moon.txt", "The moon is made of basalt.".getBytes(StandardCharsets.UTF_8));
        store.awaitStatus(file, "completed");
        make(Map.of("knowledge", Map.of("vector_store_ids", List.of(store.id()))));
        var script = ScriptedProvider.script(Reply.text("Basalt [1]."));

        tenant.request()
                .body(asking("/v1/responses", "What is the moon made of? " + script.marker()))
                .post("/v1/responses")
                .then()
                .statusCode(200)
                .body("parley.receipt.passages[0].filename", notNullValue());

        assertThat(script.requests().getLast().message(0)).contains("basalt");
    }
}
