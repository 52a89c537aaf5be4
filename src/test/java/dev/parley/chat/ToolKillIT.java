package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Transactions;
import dev.parley.testing.ParleyProcess;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.Step;
import dev.parley.testing.TableLock;
import dev.parley.testing.WithoutWorkers;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A process is killed at each step around an effect. The effect never happens twice, and one whose outcome nobody
/// knows is told to whoever asks for the turn.
@QuarkusTest
@TestProfile(WithoutWorkers.class) // or it might take the jobs of the process that is to be killed
@Tag("packaged")
class ToolKillIT {

    /// Where the process dies.
    enum Moment {
        /// The call is being put on record.
        RECORDING(0, "none"),
        /// The tool has the call, and has not answered.
        SENT(1, "in_doubt"),
        /// It has answered, and that is being written down.
        ANSWERED(1, "in_doubt"),
        /// That is written down, and the model is asked again.
        WRITTEN(1, "completed");

        final int effects;
        final String told;

        Moment(int effects, String told) {
            this.effects = effects;
            this.told = told;
        }
    }

    enum Way {
        COMPLETION,
        COMPLETION_STREAM,
        RESPONSE,
        RESPONSE_STREAM,
        BACKGROUND;

        boolean isCompletion() {
            return this == COMPLETION || this == COMPLETION_STREAM;
        }
    }

    @Inject
    Transactions transactions;

    private final List<String> effects = new CopyOnWriteArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private KillSite site;
    private HttpServer mailer;
    private volatile Moment moment;
    private volatile TableLock held;

    @BeforeEach
    void aTenantAndAServerThatItsToolTalksTo() throws IOException {
        site = KillSite.create(transactions);
        mailer = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        mailer.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        mailer.createContext("/mails", this::send);
        mailer.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        mailer.stop(0);
    }

    private void send(HttpExchange exchange) throws IOException {
        try (exchange) {
            effects.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
            if (moment == Moment.SENT) {
                over.await();
            } else if (moment == Moment.ANSWERED) {
                held = TableLock.hold("tool_calls IN SHARE MODE");
            }
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, 4);
            exchange.getResponseBody().write("sent".getBytes());
        } catch (Exception gone) {
            throw new IOException(gone);
        }
    }

    private Map<String, String> config() {
        Map<String, String> config = KillSite.config();
        config.put("parley.egress.schemes", "http");
        config.put("parley.egress.ports", String.valueOf(mailer.getAddress().getPort()));
        config.put("parley.egress.allowed-ranges", "127.0.0.1/32");
        config.put("parley.tools.calls.grace", "1s");
        return config;
    }

    private void declareTool(ParleyProcess process, boolean approval) {
        site.tenant()
                .request()
                .baseUri(process.url())
                .body("""
                        {"type": "http", "description": "Sends a mail.", "method": "POST", "approval": %s,
                         "url": "http://127.0.0.1:%d/mails", "timeout_ms": 3000,
                         "parameters": {"type": "object", "properties": {"to": {"type": "string"}}}}""".formatted(approval, mailer.getAddress().getPort()))
                .put("/v1/tools/send_mail")
                .then()
                .statusCode(200);
    }

    @ParameterizedTest
    @CsvSource({
        "RECORDING, COMPLETION",
        "RECORDING, BACKGROUND",
        "SENT, COMPLETION",
        "SENT, COMPLETION_STREAM",
        "SENT, RESPONSE",
        "SENT, RESPONSE_STREAM",
        "SENT, BACKGROUND",
        "ANSWERED, RESPONSE_STREAM",
        "ANSWERED, COMPLETION",
        "WRITTEN, BACKGROUND",
        "WRITTEN, COMPLETION_STREAM"
    })
    void anEffectHappensOnceAndNoneInDoubtIsHidden(Moment when, Way way) throws Exception {
        moment = when;
        var gate = new Step.Gate("tool-" + Ids.next());
        var script = ScriptedProvider.script(
                Reply.steps(new Step.ToolCall(0, "call_0", "send_mail", "{\"to\":\"a\"}")),
                Reply.steps(gate, new Step.Text("Sent.")));
        String body = body(way, "Mail " + script.marker());
        try (var process = ParleyProcess.start(config())) {
            declareTool(process, false);
            try (TableLock lock = TableLock.hold(when == Moment.RECORDING ? "tool_calls IN SHARE MODE" : null)) {
                site.ask(process, path(way), body);
                awaitMoment(script);
                KillSite.kill(process);
            }
            release();
            ScriptedProvider.open(gate);
        }

        await().atMost(KillSite.PATIENCE).untilAsserted(() -> assertTold(way, body));
        assertThat(effects).hasSize(when.effects);
        assertThat(script.requests()).hasSize(when == Moment.WRITTEN ? 2 : 1);
        site.assertBooksAddUp();
    }

    @Test
    void aCallThatAnotherTurnGoesOnWithIsNotMadeTwice() throws Exception {
        var script = ScriptedProvider.script(
                Reply.steps(new Step.ToolCall(0, "call_0", "send_mail", "{\"to\":\"a\"}")),
                Reply.text("Nobody knows."));
        String first;
        try (var process = ParleyProcess.start(config())) {
            declareTool(process, true);
            first = site.ask(process, path(Way.RESPONSE), body(Way.RESPONSE, "Mail " + script.marker()))
                    .join()
                    .body();
            String call =
                    io.restassured.path.json.JsonPath.from(first).getString("parley.required_action.approvals[0].id");
            site.tenant()
                    .request()
                    .post("/v1/tool_calls/" + call + "/approve")
                    .then()
                    .statusCode(200);
            moment = Moment.SENT;
            site.tenant(); // the same tenant goes on
            java.util.concurrent.CompletableFuture.runAsync(() -> goOn(process.url(), first(first), script.marker()));
            await().atMost(KillSite.PATIENCE).until(() -> effects.size() == 1);
            KillSite.kill(process);
            over.countDown();
        }

        await().atMost(KillSite.PATIENCE)
                .untilAsserted(() -> goOn(null, first(first), script.marker()).statusCode(200));
        assertThat(effects).hasSize(1);
        assertThat(script.requests().getLast().body().toString()).contains("not known whether");
    }

    private static String first(String response) {
        return io.restassured.path.json.JsonPath.from(response).getString("id");
    }

    private ValidatableResponse goOn(String url, String previous, String marker) {
        var request = site.tenant().request();
        return (url == null ? request : request.baseUri(url))
                .contentType(ContentType.JSON)
                .body("""
                        {"model": "scripted", "instructions": "%s", "previous_response_id": "%s", "input": [],
                         "parley": {"tools": ["send_mail"]}}""".formatted(marker, previous))
                .post("/v1/responses")
                .then();
    }

    private static String path(Way way) {
        return way.isCompletion() ? "/v1/chat/completions" : "/v1/responses";
    }

    private static String body(Way way, String text) {
        boolean streamed = way == Way.COMPLETION_STREAM || way == Way.RESPONSE_STREAM;
        return """
                {"model": "scripted", "stream": %s, "%s": [{"role": "user", "content": "%s"}]%s,
                 "parley": {"tools": ["send_mail"]}}""".formatted(
                        streamed,
                        way.isCompletion() ? "messages" : "input",
                        text,
                        way == Way.BACKGROUND ? ", \"background\": true" : "");
    }

    private void awaitMoment(ScriptedProvider.Script script) {
        switch (moment) {
            case RECORDING -> TableLock.awaitWaiting("begin_tool_calls");
            case SENT -> await().atMost(KillSite.PATIENCE).until(() -> effects.size() == 1);
            case ANSWERED -> TableLock.awaitWaiting("UPDATE tool_calls");
            case WRITTEN ->
                await().atMost(KillSite.PATIENCE).until(() -> script.requests().size() == 2);
        }
    }

    private void release() throws Exception {
        over.countDown();
        if (held != null) {
            held.close();
        }
    }

    /// By this process, which shares the database with the one that died.
    private void assertTold(Way way, String body) {
        ValidatableResponse told = way.isCompletion() ? repeated(way, body) : fetched();
        String text = told.extract().body().asString();
        assertThat(text).contains("The process that ran this turn died");
        if (moment.told.equals("none")) {
            assertThat(text).doesNotContain("send_mail, ").doesNotContain("\"tool_calls\"");
        } else {
            assertThat(text).contains("send_mail").contains(moment.told);
        }
    }

    private ValidatableResponse repeated(Way way, String body) {
        return site.tenant()
                .request()
                .header("Idempotency-Key", "once")
                .body(body)
                .post("/v1/chat/completions")
                .then()
                .statusCode(way == Way.COMPLETION_STREAM && moment != Moment.RECORDING ? 200 : 503);
    }

    private ValidatableResponse fetched() {
        return site.tenant()
                .request()
                .get("/v1/responses/" + Ids.format("resp_", turn()))
                .then()
                .statusCode(200);
    }

    private java.util.UUID turn() {
        return transactions
                .list(site.tenant().id(), "SELECT id FROM turns", row -> dev.parley.postgres.Sql.uuid(row, "id"))
                .getFirst();
    }
}
