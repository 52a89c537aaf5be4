package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.postgres.Ids;
import dev.parley.postgres.Transactions;
import dev.parley.testing.ParleyProcess;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.Step;
import dev.parley.testing.TableLock;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The process that runs a turn is killed at every step of it. Whoever asks again gets one answer, everything is billed
/// once, and nothing stays reserved.
@QuarkusTest
@Tag("packaged")
class TurnKillIT {

    /// Of the scripted answer: 12 tokens at $1 and 7 at $2 a million, in micro-dollars.
    private static final long PRICE = 26;

    /// Where the process dies, and how it is held there.
    enum Moment {
        ADMITTING("turns IN SHARE MODE"),
        GATHERING("conversation_items IN ACCESS EXCLUSIVE MODE"),
        ASKED(null),
        ANSWERING(null),
        SETTLING("ledger IN SHARE MODE"),
        SETTLED(null);

        private final String lock;

        Moment(String lock) {
            this.lock = lock;
        }
    }

    @Inject
    Transactions transactions;

    private KillSite site;
    private String conversation;

    @BeforeEach
    void aTenantWithABudgetAndAConversation() {
        site = KillSite.create(transactions);
        conversation = site.tenant()
                .request()
                .post("/v1/conversations")
                .then()
                .extract()
                .path("id");
    }

    @ParameterizedTest
    @EnumSource
    void aKillLosesAndRepeatsNothing(Moment moment) throws Exception {
        var gate = new Step.Gate("kill-" + Ids.next());
        var script = ScriptedProvider.script(reply(moment, gate));
        String body = body(script.marker());
        try (var process = ParleyProcess.start(KillSite.config())) {
            try (TableLock lock = TableLock.hold(moment.lock)) {
                CompletableFuture<HttpResponse<String>> asked = ask(process, body);
                awaitMoment(moment, script);
                KillSite.kill(process);
                await().atMost(KillSite.PATIENCE).until(asked::isDone);
            }
            ScriptedProvider.open(gate);
        }
        try (var process = ParleyProcess.start(KillSite.config())) {
            HttpResponse<String> first = settledAnswer(process, body);
            HttpResponse<String> second = ask(process, body).join();

            assertThat(first.body()).contains(isAnswered(moment) ? "\"finish_reason\":\"stop\"" : "turn_lost");
            assertThat(second.body()).isEqualTo(first.body());
            assertThat(script.requests()).hasSize(moment == Moment.GATHERING ? 0 : 1);
            assertBooksAddUp(isAnswered(moment));
        }
    }

    /// Before the admission nothing had happened, and after the settlement everything had.
    private static boolean isAnswered(Moment moment) {
        return moment == Moment.ADMITTING || moment == Moment.SETTLED;
    }

    private static Reply reply(Moment moment, Step.Gate gate) {
        return switch (moment) {
            case ASKED -> Reply.steps(gate, new Step.Text("Never heard."));
            case ANSWERING -> Reply.steps(new Step.Text("Half an "), gate, new Step.Text("answer."));
            default -> Reply.text("Fine.");
        };
    }

    private String body(String marker) {
        return """
                {"model": "scripted", "stream": true, "messages": [{"role": "user", "content": "Hi %s"}],
                 "parley": {"conversation": "%s"}}""".formatted(marker, conversation);
    }

    private CompletableFuture<HttpResponse<String>> ask(ParleyProcess process, String body) {
        return site.ask(process, "/v1/chat/completions", body);
    }

    /// A turn whose lease has not run out yet is still under way to who asks.
    private HttpResponse<String> settledAnswer(ParleyProcess process, String body) {
        return await().atMost(KillSite.PATIENCE)
                .until(() -> ask(process, body).join(), response -> response.statusCode() != 409);
    }

    private void awaitMoment(Moment moment, ScriptedProvider.Script script) {
        switch (moment) {
            case ADMITTING -> TableLock.awaitWaiting("admit(");
            case GATHERING -> TableLock.awaitWaiting("conversation_items");
            case SETTLING -> TableLock.awaitWaiting("settle(");
            case ASKED ->
                await().atMost(KillSite.PATIENCE).until(() -> script.requests().size() == 1);
            case ANSWERING ->
                await().atMost(KillSite.PATIENCE).until(() -> site.count("SELECT count(*) FROM turn_events") > 0);
            case SETTLED ->
                await().atMost(KillSite.PATIENCE)
                        .until(() -> site.count("SELECT count(*) FROM turns WHERE status = 'completed'") > 0);
        }
    }

    private void assertBooksAddUp(boolean answered) {
        site.assertBooksAddUp();
        assertThat(site.count("SELECT count(*) FROM ledger")).isEqualTo(1);
        assertThat(site.count("SELECT count(*) FROM ledger WHERE estimated")).isEqualTo(answered ? 0 : 1);
        if (answered) {
            assertThat(site.count("SELECT sum(cost_micros) FROM ledger")).isEqualTo(PRICE);
        }
    }
}
