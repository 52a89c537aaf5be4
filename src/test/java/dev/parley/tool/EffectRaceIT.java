package dev.parley.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.postgres.Ids;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.Step;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Many requests go on with the same approved call at once.
@QuarkusTest
class EffectRaceIT {

    /// The common pool has a thread for each core but one: that is no race.
    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    private final TestTenant tenant = TestTenant.create();

    @Test
    void oneOfThemMakesTheCall() {
        String to = "race-" + Ids.next();
        var script = ScriptedProvider.script(
                Reply.steps(new Step.ToolCall(0, "call_0", TestTools.REFUND, "{\"to\":\"" + to + "\"}")),
                Reply.text("Done."));
        var first = post(Map.of("input", "Refund " + script.marker())).extract().jsonPath();
        String call = first.getString("parley.required_action.approvals[0].id");
        tenant.request().post("/v1/tool_calls/" + call + "/approve").then().statusCode(200);

        List<CompletableFuture<Integer>> all = IntStream.range(0, 8)
                .mapToObj(_ -> CompletableFuture.supplyAsync(
                        () -> post(Map.of(
                                        "instructions", script.marker(),
                                        "input", List.of(),
                                        "previous_response_id", first.getString("id")))
                                .extract()
                                .statusCode(),
                        THREADS))
                .toList();

        assertThat(all.stream().map(CompletableFuture::join).toList())
                .contains(200)
                .allMatch(status -> status == 200 || status == 409);
        assertThat(TestTools.effects(to)).containsExactly(call);
    }

    private ValidatableResponse post(Map<String, Object> members) {
        var body = new HashMap<>(members);
        body.put("model", "priced-alone");
        body.put("parley", Map.of("tools", List.of(TestTools.REFUND)));
        return tenant.request().body(body).post("/v1/responses").then();
    }
}
