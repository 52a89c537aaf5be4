package dev.parley.batch;

import static dev.parley.batch.TestBatch.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.openai.models.batches.Batch;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.ParleyProcess;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.Step;
import dev.parley.testing.TestTenant;
import dev.parley.testing.WithoutWorkers;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The packaged application runs a batch in a process of its own, which dies in the midst of it.
@QuarkusTest
@Tag("packaged")
@TestProfile(WithoutWorkers.class)
class BatchKillIT {

    private static final int LINES = 60;
    private static final int KILLS = 2;

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();

    @Test
    void afterKillsEveryLineIsToldOnceAndPaidOnce() throws Exception {
        var script = ScriptedProvider.script(Reply.steps(new Step.Pause(200), new Step.Text("Done.")));
        List<String> ids =
                IntStream.range(0, LINES).mapToObj("line-%02d"::formatted).toList();
        var batch = TestBatch.create(
                tenant.key(),
                ids.stream().map(id -> line(id, script.marker() + " " + id)).toList());

        for (int kill = 1; kill <= KILLS; kill++) {
            runAndDie(script, kill * LINES / (KILLS + 1));
        }
        Batch done;
        try (var process = ParleyProcess.start(config())) {
            done = batch.await(Batch.Status.COMPLETED);
        }

        assertThat(batch.customIds()).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(batch.errors()).isNotEmpty().allSatisfy(line -> assertThat(
                        line.at("/response/body/error/code").asText())
                .isEqualTo("turn_lost"));
        assertThat(done.requestCounts().orElseThrow().completed())
                .isEqualTo(batch.answers().size());
        assertThat(done.requestCounts().orElseThrow().failed())
                .isEqualTo(batch.errors().size());
        for (String id : ids) {
            assertThat(script.requests().stream()
                            .filter(request -> request.message(0).contains(id)))
                    .as(id)
                    .hasSizeLessThanOrEqualTo(1);
        }
        assertThat(number("SELECT count(*) FROM turns")).isEqualTo(LINES);
        assertThat(number("SELECT count(*) FROM turns WHERE ended_at IS NULL")).isZero();
        assertThat(number("SELECT count(*) FROM ledger")).isEqualTo(LINES);
        assertThat(number("SELECT count(DISTINCT turn_id) FROM ledger")).isEqualTo(LINES);
    }

    /// Dies when the provider was asked so often: some lines are under way then.
    private void runAndDie(ScriptedProvider.Script script, int requests) throws Exception {
        try (var process = ParleyProcess.start(config())) {
            await().atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> script.requests().size() >= requests);
            process.kill();
        }
    }

    /// The scripted provider as the test has it, and short leases, so that dead workers are soon followed.
    private static Map<String, String> config() {
        var config = new HashMap<>(Map.of(
                "parley.job.lease", "2s",
                "parley.batch.line-lease", "2s",
                "parley.usage.lease", "3s",
                "parley.models.providers.scripted.type", "openai",
                "parley.models.providers.scripted.base-url", ScriptedProvider.url() + "/v1",
                "parley.models.providers.scripted.api-key", "sk-scripted-secret"));
        String model = "parley.models.chat.scripted-alone.";
        config.putAll(Map.of(
                model + "provider", "scripted",
                model + "name", "scripted-alone",
                model + "context-window", "8192",
                model + "max-output-tokens", "1024"));
        return config;
    }

    private long number(String sql) {
        return transactions.inTenant(tenant.id(), connection -> Sql.first(connection, sql, row -> row.getLong(1))
                .orElseThrow());
    }
}
