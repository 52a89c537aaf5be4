package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.chat.ToolTurn.Told;
import dev.parley.chat.ToolTurn.Way;
import dev.parley.postgres.Ids;
import dev.parley.testing.RecordedRequest;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.Step;
import dev.parley.testing.TestTenant;
import dev.parley.tool.TestTools;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Tools of this side in turns, in every way a turn can be asked for.
@QuarkusTest
class ToolLoopIT {

    private TestTenant tenant;

    @BeforeEach
    void aTenant() {
        tenant = TestTenant.create();
    }

    private ToolTurn turn(Way way) {
        return new ToolTurn(tenant.key(), way);
    }

    private static Step call(int index, String tool, String arguments) {
        return new Step.ToolCall(index, "call_" + index, tool, arguments.replace('\'', '"'));
    }

    private static List<JsonNode> messages(RecordedRequest request) {
        var messages = new ArrayList<JsonNode>();
        request.body().path("messages").forEach(messages::add);
        return messages;
    }

    @ParameterizedTest
    @EnumSource
    void theModelIsAskedAgainWithWhatItsToolSaid(Way way) {
        var script = ScriptedProvider.script(
                Reply.steps(new Step.Text("Let me see."), call(0, TestTools.ECHO, "{'text':'hi'}")),
                Reply.text("It says hi."));

        Told told = turn(way).ask(turn(way).body("Ask " + script.marker(), TestTools.ECHO));

        assertThat(told.status()).isEqualTo(200);
        assertThat(told.text()).isEqualTo("Let me see.\n\nIt says hi.");
        assertThat(told.tools()).containsExactly(TestTools.ECHO + ":completed");
        assertThat(told.calls()).isEmpty();
        assertThat(told.parley().at("/receipt/tokens/input").asInt()).isEqualTo(24);
        List<JsonNode> second = messages(script.requests().get(1));
        assertThat(second.getLast().path("role").asText()).isEqualTo("tool");
        assertThat(second.getLast().path("content").asText()).isEqualTo("echo: hi");
        assertThat(second.getLast().path("tool_call_id"))
                .isEqualTo(second.get(second.size() - 2).at("/tool_calls/0/id"));
    }

    @ParameterizedTest
    @EnumSource
    void callsOfOneRoundRunSideBySide(Way way) {
        var script = ScriptedProvider.script(
                Reply.steps(call(0, TestTools.MEET, "{'text':'a'}"), call(1, TestTools.MEET, "{'text':'b'}")),
                Reply.text("They met."));

        Told told = turn(way).ask(turn(way).body("Meet " + script.marker(), TestTools.MEET));

        assertThat(told.text()).isEqualTo("They met.");
        assertThat(told.tools()).containsExactly(TestTools.MEET + ":completed", TestTools.MEET + ":completed");
    }

    @ParameterizedTest
    @EnumSource
    void whatGoesWrongInAToolIsForTheModelToRead(Way way) {
        var script = ScriptedProvider.script(
                Reply.steps(
                        call(0, TestTools.FAILING, "{}"),
                        call(1, TestTools.BROKEN, "{}"),
                        call(2, TestTools.SLOW, "{'ms':60000}"),
                        call(3, TestTools.ECHO, "not json"),
                        call(4, "made_up", "{}")),
                Reply.text("None of them worked."));

        Told told = turn(way)
                .ask(turn(way)
                        .body(
                                "Try " + script.marker(),
                                TestTools.FAILING,
                                TestTools.BROKEN,
                                TestTools.SLOW,
                                TestTools.ECHO));

        assertThat(told.text()).isEqualTo("None of them worked.");
        assertThat(told.tools()).hasSize(5).allMatch(line -> line.endsWith(":failed"));
        List<String> read = messages(script.requests().get(1)).stream()
                .filter(message -> message.path("role").asText().equals("tool"))
                .map(message -> message.path("content").asText())
                .toList();
        assertThat(read.get(0)).isEqualTo("There is no such order.");
        assertThat(read.get(1)).doesNotContain("secret");
        assertThat(read.get(2)).contains("800 ms");
        assertThat(read.get(3)).contains("not a JSON object");
        assertThat(read.get(4)).contains("There is no tool 'made_up'");
    }

    @ParameterizedTest
    @EnumSource
    void aModelThatAsksForTheSameAgainAndAgainHasToAnswerWithout(Way way) {
        String to = "loop-" + Ids.next();
        Reply again = Reply.steps(call(0, TestTools.SEND, "{'to':'" + to + "'}"));
        var script = ScriptedProvider.script(again, again, Reply.text("Enough."));

        Told told = turn(way).ask(turn(way).body("Send " + script.marker(), TestTools.SEND));

        assertThat(told.text()).isEqualTo("Enough.");
        assertThat(TestTools.effects(to)).hasSize(1);
        assertThat(told.tools()).containsExactly(TestTools.SEND + ":completed", TestTools.SEND + ":completed");
        assertThat(script.requests().getLast().body().path("tool_choice").asText())
                .isEqualTo("none");
    }

    @ParameterizedTest
    @EnumSource
    void roundsAreBounded(Way way) {
        Reply[] replies = new Reply[9];
        for (int i = 0; i < 8; i++) {
            replies[i] = Reply.steps(call(0, TestTools.ECHO, "{'text':'%d'}".formatted(i)));
        }
        replies[8] = Reply.text("After eight rounds.");
        var script = ScriptedProvider.script(replies);

        Told told = turn(way).ask(turn(way).body("Go on " + script.marker(), TestTools.ECHO));

        assertThat(told.text()).isEqualTo("After eight rounds.");
        assertThat(script.requests()).hasSize(9);
        assertThat(script.requests().getLast().body().path("tool_choice").asText())
                .isEqualTo("none");
    }

    @ParameterizedTest
    @EnumSource
    void toolsOfBothSidesAreMixed(Way way) {
        String to = "mixed-" + Ids.next();
        var script = ScriptedProvider.script(
                Reply.steps(call(0, TestTools.ECHO, "{'text':'first'}")),
                Reply.steps(call(0, TestTools.SEND, "{'to':'" + to + "'}"), call(1, "local_time", "{}")),
                Reply.text("All done."));
        ObjectNode asked = turn(way)
                .withFunction(turn(way).body("Do " + script.marker(), TestTools.ECHO, TestTools.SEND), "local_time");

        Told first = turn(way).ask(asked);

        assertThat(first.calls()).hasSize(1);
        assertThat(TestTools.effects(to)).hasSize(1);
        String id = turn(way).callId(first.calls().getFirst());
        Told second = turn(way).ask(turn(way).next(asked, first, Map.of(id, "noon")));

        assertThat(second.text()).isEqualTo("All done.");
        assertThat(TestTools.effects(to)).hasSize(1);
        List<JsonNode> last = messages(script.requests().getLast());
        List<String> results = last.stream()
                .filter(message -> message.path("role").asText().equals("tool"))
                .map(message -> message.path("content").asText())
                .toList();
        assertThat(results).containsExactlyInAnyOrder("echo: first", "sent", "noon");
        assertPaired(last);
    }

    /// What every provider demands.
    private static void assertPaired(List<JsonNode> messages) {
        var open = new ArrayList<String>();
        for (JsonNode message : messages) {
            if (message.path("role").asText().equals("tool")) {
                assertThat(open.remove(message.path("tool_call_id").asText())).isTrue();
            } else {
                assertThat(open).isEmpty();
                message.path("tool_calls")
                        .forEach(call -> open.add(call.path("id").asText()));
            }
        }
        assertThat(open).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aCallThatNeedsAnApprovalWaitsForIt(Way way) {
        String to = "refund-" + Ids.next();
        var script = ScriptedProvider.script(
                Reply.steps(call(0, TestTools.REFUND, "{'to':'" + to + "'}")), Reply.text("Refunded."));
        ObjectNode asked = turn(way).body("Refund " + script.marker(), TestTools.REFUND);

        Told waiting = turn(way).ask(asked);

        assertThat(waiting.approvals()).hasSize(1);
        assertThat(TestTools.effects(to)).isEmpty();
        if (!way.completion) {
            assertThat(waiting.whole().path("status").asText()).isEqualTo("requires_action");
        }
        ObjectNode next = turn(way).next(asked, waiting, Map.of());
        assertThat(turn(way).ask(next.deepCopy()).status()).isEqualTo(409);
        String id = waiting.approvals().get(0).path("id").asText();
        tenant.request().post("/v1/tool_calls/" + id + "/approve").then().statusCode(200);
        assertThat(TestTools.effects(to)).isEmpty();

        Told done = turn(way).ask(next.deepCopy());

        assertThat(done.text()).isEqualTo("Refunded.");
        assertThat(done.tools()).containsExactly(TestTools.REFUND + ":completed");
        assertThat(TestTools.effects(to)).containsExactly(id);
        // Sent again, it goes on from what has happened.
        turn(way).ask(next);
        assertThat(TestTools.effects(to)).hasSize(1);
        assertPaired(messages(script.requests().getLast()));
    }

    @ParameterizedTest
    @EnumSource
    void aDeniedCallIsNotMadeAndTheModelHearsWhy(Way way) {
        String to = "denied-" + Ids.next();
        var script = ScriptedProvider.script(
                Reply.steps(call(0, TestTools.REFUND, "{'to':'" + to + "'}")), Reply.text("Then not."));
        ObjectNode asked = turn(way).body("Refund " + script.marker(), TestTools.REFUND);
        Told waiting = turn(way).ask(asked);
        String id = waiting.approvals().get(0).path("id").asText();
        tenant.request()
                .body("{\"reason\": \"Too much.\"}")
                .post("/v1/tool_calls/" + id + "/deny")
                .then()
                .statusCode(200);

        Told done = turn(way).ask(turn(way).next(asked, waiting, Map.of()));

        assertThat(done.text()).isEqualTo("Then not.");
        assertThat(done.tools()).containsExactly(TestTools.REFUND + ":denied");
        assertThat(TestTools.effects(to)).isEmpty();
        assertThat(messages(script.requests().getLast())
                        .getLast()
                        .path("content")
                        .asText())
                .isEqualTo("The call was denied by a person: Too much.");
    }

    @ParameterizedTest
    @EnumSource
    void anEffectInDoubtIsToldToModelAndClient(Way way) {
        String to = "doubt-" + Ids.next();
        var script = ScriptedProvider.script(
                Reply.steps(
                        call(0, TestTools.DOUBTFUL, "{'to':'" + to + "'}"),
                        call(1, TestTools.CHECKED, "{'to':'" + to + "'}")),
                Reply.text("I do not know."));

        Told told = turn(way).ask(turn(way).body("Send " + script.marker(), TestTools.DOUBTFUL, TestTools.CHECKED));

        assertThat(told.tools()).containsExactly(TestTools.DOUBTFUL + ":in_doubt", TestTools.CHECKED + ":completed");
        List<JsonNode> read = messages(script.requests().getLast());
        assertThat(read.get(read.size() - 2).path("content").asText()).contains("not known whether");
        assertThat(read.getLast().path("content").asText()).isEqualTo("booked");
        String id = told.parley().at("/receipt/tool_calls/0/id").asText();
        assertThat(tenant.request()
                        .get("/v1/tool_calls?status=in_doubt")
                        .then()
                        .statusCode(200)
                        .extract()
                        .<List<String>>path("data.id"))
                .containsExactly(id);
        tenant.request()
                .body("{\"status\": \"completed\"}")
                .post("/v1/tool_calls/" + id + "/resolve")
                .then()
                .statusCode(200);
    }
}
