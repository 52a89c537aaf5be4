package dev.parley.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.parley.model.SharedBreakers.Leave;
import dev.parley.model.SharedBreakers.ModelKey;
import dev.parley.postgres.Transactions;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/// Each [SharedBreakers] made here is what another process has.
@QuarkusTest
class SharedBreakersIT {

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(30);

    @Inject
    Transactions transactions;

    @Inject
    Clock clock;

    @Inject
    ChatModels models;

    @Inject
    SharedBreakers ours;

    private final ModelKey key = new ModelKey("provider", "model-" + UUID.randomUUID());

    @Test
    void whatIsOpenInOneProcessIsLeftAloneByTheOthers() {
        SharedBreakers one = process();
        SharedBreakers other = process();

        one.opened(key, LONG);

        awaitLeave(other, Leave.NONE);
    }

    @Test
    void afterItsTimeOneProcessTriesAndTheOthersWaitForIt() {
        SharedBreakers one = process();
        SharedBreakers other = process();
        one.opened(key, SHORT);

        awaitLeave(one, Leave.TRIAL);
        other.renew();
        assertThat(other.ask(key, LONG)).isEqualTo(Leave.NONE);
        assertThat(one.ask(key, LONG))
                .as("nor does the process itself call twice")
                .isEqualTo(Leave.NONE);

        one.close(key);
        other.renew();
        assertThat(other.ask(key, LONG)).isEqualTo(Leave.FREE);
    }

    @Test
    void twoProcessesThatWantToTryAtOnceAreToldApart() {
        SharedBreakers one = process();
        SharedBreakers other = process();
        one.opened(key, Duration.ofSeconds(3));
        awaitLeave(one, Leave.NONE);
        awaitLeave(other, Leave.NONE);

        await().until(() -> one.ask(key, LONG) == Leave.TRIAL);

        assertThat(other.ask(key, LONG)).isEqualTo(Leave.NONE);
    }

    @Test
    void aProcessThatSleptKnowsWhatIsOpenBeforeItsFirstCall() {
        SharedBreakers one = process();
        one.opened(key, LONG);
        awaitLeave(one, Leave.NONE);
        // The machine of a test may be slower than any patience that is fit for a request.
        var awake = new SharedBreakers(transactions, clock, LONG);

        assertThat(awake.ask(key, LONG)).isEqualTo(Leave.NONE);
    }

    @Test
    void aDatabaseThatDoesNotAnswerHoldsNobodyUpForLong() throws Exception {
        SharedBreakers awake = process();
        try (Connection owner = owner()) {
            owner.setAutoCommit(false);
            owner.createStatement().execute("LOCK TABLE breakers IN ACCESS EXCLUSIVE MODE");
            long start = System.nanoTime();

            assertThat(awake.ask(key, LONG)).isEqualTo(Leave.FREE);

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
        }
    }

    @Test
    void aModelThatFailedElsewhereIsNotCalledAndItsFallbackIs() {
        var failed = new ModelKey("scripted-elsewhere", "scripted-elsewhere");
        process().opened(failed, LONG);
        await().until(() -> {
            ours.renew();
            return ours.ask(failed, LONG) == Leave.NONE;
        });
        var script = ScriptedProvider.script(Reply.text("Me."));

        Generation answer = models.generate(
                "scripted-elsewhere",
                ChatRequest.builder()
                        .messages(UserMessage.from(script.marker()))
                        .build(),
                Spend.UNMETERED);

        assertThat(answer.model()).isEqualTo("scripted-fallback");
        assertThat(script.requests()).extracting(each -> each.model()).containsExactly("scripted-fallback");
        ours.close(failed);
    }

    private SharedBreakers process() {
        return new SharedBreakers(transactions, clock);
    }

    private void awaitLeave(SharedBreakers process, Leave leave) {
        await().until(() -> {
            process.renew();
            return process.ask(key, LONG) == leave;
        });
    }

    private static Connection owner() throws SQLException {
        var config = ConfigProvider.getConfig();
        return DriverManager.getConnection(
                config.getValue("quarkus.datasource.jdbc.url", String.class),
                config.getValue("quarkus.datasource.username", String.class),
                config.getValue("quarkus.datasource.password", String.class));
    }
}
