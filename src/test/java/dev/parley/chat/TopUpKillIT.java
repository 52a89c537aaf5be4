package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.postgres.Ids;
import dev.parley.postgres.Transactions;
import dev.parley.testing.ParleyProcess;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.ScriptedProvider.Script;
import dev.parley.testing.Step;
import dev.parley.testing.TableLock;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The process that runs a turn is killed while it reserves more for a second call, a summary of the conversation: the
/// turn is lost, and pays once what was reserved for it at that moment.
@QuarkusTest
@Tag("packaged")
class TopUpKillIT {

    enum Moment {
        /// The top-up is sent, and not written.
        TOPPING_UP,
        /// It is written, and the summariser was asked.
        TOPPED_UP
    }

    @Inject
    Transactions transactions;

    private final Step.Gate gate = new Step.Gate("top-up-kill-" + Ids.next());
    private Script script;
    private KillSite site;
    private String conversation;

    @BeforeEach
    void aConversationThatIsTooLong() {
        site = KillSite.create(transactions);
        script = ScriptedProvider.script(
                Reply.steps(gate, new Step.Text("Ann likes alpha.")).onlyFor("scripted-summariser"),
                Reply.text("Noted.").onlyFor("scripted"));
        conversation = site.tenant()
                .request()
                .post("/v1/conversations")
                .then()
                .extract()
                .path("id");
        for (String word : List.of("one ", "two ", "three ")) {
            site.tenant()
                    .request()
                    .body(body(word + "alpha ".repeat(100)))
                    .post("/v1/chat/completions")
                    .then()
                    .statusCode(200);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKilledTurnPaysOnceWhatItHadReserved(Moment moment) throws Exception {
        long reserved;
        try (var process = ParleyProcess.start(config())) {
            CompletableFuture<HttpResponse<String>> asked;
            switch (moment) {
                case TOPPING_UP -> {
                    TableLock gathering = TableLock.hold("conversation_items IN ACCESS EXCLUSIVE MODE");
                    asked = ask(process);
                    TableLock.awaitWaiting("conversation_items");
                    try (TableLock _ = TableLock.hold("budget_periods IN SHARE MODE")) {
                        gathering.close();
                        TableLock.awaitWaiting("top_up(");
                        reserved = reserved();
                        KillSite.kill(process);
                    }
                }
                case TOPPED_UP -> {
                    asked = ask(process);
                    await().atMost(KillSite.PATIENCE).until(() -> summaries() == 1);
                    reserved = reserved();
                    KillSite.kill(process);
                }
                default -> throw new IllegalStateException();
            }
            await().atMost(KillSite.PATIENCE).until(asked::isDone);
        }
        ScriptedProvider.open(gate);
        try (var process = ParleyProcess.start(config())) {
            HttpResponse<String> first = await().atMost(KillSite.PATIENCE)
                    .until(() -> ask(process).join(), response -> response.statusCode() != 409);

            assertThat(first.body()).contains("turn_lost");
            assertThat(ask(process).join().body()).isEqualTo(first.body());
        }
        assertThat(summaries()).isEqualTo(moment == Moment.TOPPED_UP ? 1 : 0);
        site.assertBooksAddUp();
        assertThat(site.count("SELECT count(*) FROM ledger WHERE estimated")).isEqualTo(1);
        assertThat(site.count("SELECT sum(cost_micros) FROM ledger WHERE estimated"))
                .isEqualTo(reserved);
        // At $100 and $200 a million tokens the summary is the larger part.
        assertThat(reserved > 10_000).isEqualTo(moment == Moment.TOPPED_UP);
    }

    private CompletableFuture<HttpResponse<String>> ask(ParleyProcess process) {
        return site.ask(process, "/v1/chat/completions", body("four "));
    }

    private long reserved() {
        return site.count("SELECT sum(reserved_micros) FROM budget_periods");
    }

    private long summaries() {
        return script.requests().stream()
                .filter(request -> request.body().path("model").asText().equals("scripted-summariser"))
                .count();
    }

    private String body(String text) {
        return """
                {"model": "scripted", "messages": [{"role": "user", "content": "%s %s"}],
                 "parley": {"conversation": "%s"}}""".formatted(text, script.marker(), conversation);
    }

    private static Map<String, String> config() {
        Map<String, String> config = KillSite.config();
        config.put("parley.conversation.summary-model", "scripted-summariser");
        config.put("parley.conversation.summary-tokens", "100");
        config.put("parley.conversation.history-tokens", "600");
        String model = "parley.models.chat.scripted-summariser.";
        config.put(model + "provider", "scripted");
        config.put(model + "name", "scripted-summariser");
        config.put(model + "context-window", "8192");
        config.put(model + "max-output-tokens", "1024");
        config.put(model + "price.input", "100");
        config.put(model + "price.output", "200");
        return config;
    }
}
