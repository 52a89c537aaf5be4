package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.chat.responses.ResponseRequests;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Transactions;
import dev.parley.testing.ParleyProcess;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.ScriptedProvider.Script;
import dev.parley.testing.Step;
import dev.parley.testing.TableLock;
import dev.parley.testing.WithoutWorkers;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The process that runs a response in the background is killed on its way from the queue to its end. None is stuck
/// afterwards: what no worker had begun is done once, what one had begun has failed.
@QuarkusTest
@Tag("packaged")
@TestProfile(WithoutWorkers.class)
class BackgroundKillIT {

    /// Of the scripted answer: 12 tokens at $1 and 7 at $2 a million, in micro-dollars.
    private static final long PRICE = 26;

    /// Where the process dies, and how it is held there.
    enum Moment {
        /// Nobody has claimed its job.
        QUEUED(null),
        /// A worker has claimed its job, and is about to begin the turn.
        BEGINNING("turns IN SHARE MODE"),
        /// The begin is written, and no provider was asked.
        BEGUN("conversation_items IN ACCESS EXCLUSIVE MODE"),
        /// A cancel is written, and the owner is about to settle what it has cost until then.
        CANCELLING("budget_periods IN SHARE MODE");

        private final String lock;

        Moment(String lock) {
            this.lock = lock;
        }

        boolean isBegun() {
            return this == BEGUN || this == CANCELLING;
        }
    }

    @Inject
    Transactions transactions;

    private final Step.Gate gate = new Step.Gate("background-kill-" + Ids.next());
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
    void aKillLeavesNoResponseStuck(Moment moment) throws Exception {
        Script script = ScriptedProvider.script(
                moment == Moment.CANCELLING ? Reply.steps(gate, new Step.Text("Too late.")) : Reply.text("Fine."));

        String id = killAt(moment, script);

        ScriptedProvider.open(gate);
        try (var process = ParleyProcess.start(KillSite.config())) {
            await().atMost(KillSite.PATIENCE)
                    .until(() -> status(process, id), status -> !List.of("queued", "in_progress")
                            .contains(status));
            await().atMost(KillSite.PATIENCE).until(() -> site.count("SELECT count(*) FROM jobs") == 0);

            assertThat(status(process, id)).isEqualTo(moment.isBegun() ? "failed" : "completed");
        }
        assertThat(script.requests()).hasSize(moment == Moment.BEGUN ? 0 : 1);
        site.assertBooksAddUp();
        assertThat(site.count("SELECT count(*) FROM ledger")).isEqualTo(1);
        assertThat(site.count("SELECT count(*) FROM ledger WHERE estimated")).isEqualTo(moment.isBegun() ? 1 : 0);
        if (!moment.isBegun()) {
            assertThat(site.count("SELECT sum(cost_micros) FROM ledger")).isEqualTo(PRICE);
        }
        assertThat(site.count("SELECT count(*) FROM conversations WHERE active_turn IS NOT NULL"))
                .isZero();
    }

    private String killAt(Moment moment, Script script) throws Exception {
        return switch (moment) {
            case QUEUED -> {
                try (var process = ParleyProcess.start(withoutWorkers())) {
                    String id = post(process, script);
                    KillSite.kill(process);
                    yield id;
                }
            }
            case BEGINNING -> {
                String id = killAt(Moment.QUEUED, script);
                try (TableLock _ = TableLock.hold(moment.lock);
                        var process = ParleyProcess.start(KillSite.config())) {
                    TableLock.awaitWaiting("SET status = ''in_progress''");
                    KillSite.kill(process);
                    yield id;
                }
            }
            case BEGUN -> {
                try (var process = ParleyProcess.start(KillSite.config());
                        TableLock _ = TableLock.hold(moment.lock)) {
                    String id = post(process, script);
                    TableLock.awaitWaiting("conversation_items");
                    KillSite.kill(process);
                    yield id;
                }
            }
            case CANCELLING -> {
                try (var process = ParleyProcess.start(KillSite.config())) {
                    String id = post(process, script);
                    await().atMost(KillSite.PATIENCE)
                            .until(() -> script.requests().size() == 1);
                    try (TableLock _ = TableLock.hold(moment.lock)) {
                        var cancel = site.ask(process, "/v1/responses/" + id + "/cancel", "");
                        TableLock.awaitWaiting("settle(");
                        KillSite.kill(process);
                        await().atMost(KillSite.PATIENCE).until(cancel::isDone);
                    }
                    yield id;
                }
            }
        };
    }

    private static Map<String, String> withoutWorkers() {
        Map<String, String> config = KillSite.config();
        config.put("parley.job.workers", "0");
        return config;
    }

    private String post(ParleyProcess process, Script script) {
        String body = ResponseRequests.body("'background': true, 'input': 'Hi %s', 'conversation': '%s'"
                        .formatted(script.marker(), conversation))
                .toString();
        return JsonPath.from(site.ask(process, "/v1/responses", body).join().body())
                .get("id");
    }

    private String status(ParleyProcess process, String id) {
        return RestAssured.given()
                .header("Authorization", "Bearer " + site.tenant().key())
                .get(process.url() + "/v1/responses/" + id)
                .path("status");
    }
}
