package dev.parley.ingestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.ParleyProcess;
import dev.parley.testing.TestStore;
import dev.parley.testing.TestTenant;
import dev.parley.testing.WithoutWorkers;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The packaged application ingests in a process of its own, which dies again and again.
@QuarkusTest
@Tag("packaged")
@TestProfile(WithoutWorkers.class)
class IngestionKillIT {

    /// The test's own embedder is not in the package.
    private static final String PACKAGED_MODEL = "bge-small-en-v1.5";

    private static final int FILES = 10;
    private static final int KILLS = 4;

    /// Small steps, so that there is much to be killed in, and a short lease, so that it is soon taken over.
    private static final Map<String, String> SMALL_STEPS = Map.of(
            "parley.job.workers", "2",
            "parley.job.lease", "2s",
            "parley.ingestion.embedding-batch", "2");

    @Inject
    Transactions transactions;

    private final Random random = new Random();

    @Test
    void afterKillsEveryFileIsCompleteOnceAsIfThereHadBeenNone() throws Exception {
        var killed = new Run(TestTenant.create());
        var undisturbed = new Run(TestTenant.create());

        for (int kill = 0; kill < KILLS; kill++) {
            if (killed.completed() == killed.files) {
                // The first files, and more whenever a fast machine was done with all of them.
                killed.addFiles(FILES);
            }
            workAndDie(killed);
        }
        undisturbed.addFiles(killed.files);
        try (var process = ParleyProcess.start(SMALL_STEPS)) {
            killed.store.awaitCompleted(killed.files);
            undisturbed.store.awaitCompleted(undisturbed.files);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> killed.rows("SELECT subject FROM jobs").isEmpty());
        }

        for (String state : STATE) {
            assertThat(killed.rows(state)).as(state).isNotEmpty().isEqualTo(undisturbed.rows(state));
        }
    }

    /// Dies once it has changed something, a random moment later.
    private void workAndDie(Run run) throws Exception {
        try (var process = ParleyProcess.start(SMALL_STEPS)) {
            List<String> before = run.rows(PROGRESS);
            await().atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(random.nextInt(5, 120)))
                    .until(() -> !run.rows(PROGRESS).equals(before));
            process.kill();
        }
    }

    private static final String PROGRESS = "SELECT concat_ws(' ', (SELECT count(*) FROM parsed_files), "
            + "(SELECT count(*) FROM chunks), (SELECT count(*) FROM embeddings), (SELECT count(*) FROM postings))";

    /// All that ingestion leaves behind, without ids.
    private static final List<String> STATE = List.of(
            "SELECT concat_ws('|', f.filename, a.status, a.stage, a.usage_bytes) FROM vector_store_files a "
                    + "JOIN files f ON f.id = a.file_id ORDER BY 1",
            "SELECT concat_ws('|', f.filename, c.ordinal, c.heading, c.page, c.tokens, c.text) FROM chunks c "
                    + "JOIN files f ON f.id = c.file_id ORDER BY 1",
            "SELECT concat_ws('|', p.term, f.filename, c.ordinal, p.frequency, p.length) FROM postings p "
                    + "JOIN chunks c ON c.id = p.chunk_id JOIN files f ON f.id = c.file_id ORDER BY 1",
            "SELECT concat_ws('|', count(*), count(DISTINCT chunk_id)) FROM embeddings",
            "SELECT concat_ws('|', chunk_count, token_count, usage_bytes) FROM vector_stores");

    /// The same files, each time for another tenant.
    private final class Run {

        private final TestTenant tenant;
        private final TestStore store;
        private int files;

        Run(TestTenant tenant) {
            this.tenant = tenant;
            this.store = TestStore.create(tenant.key(), PACKAGED_MODEL);
        }

        void addFiles(int count) {
            for (int last = files + count; files < last; files++) {
                store.add("file-%02d.md".formatted(files), content(new Random(files)));
            }
        }

        long completed() {
            return rows("SELECT file_id::text FROM vector_store_files WHERE status = 'completed'")
                    .size();
        }

        List<String> rows(String sql) {
            return transactions.inTenant(tenant.id(), connection -> Sql.list(connection, sql, row -> row.getString(1)));
        }
    }

    private static byte[] content(Random random) {
        var text = new StringBuilder();
        for (int section = 0; section < 6; section++) {
            text.append("# Section ").append(section).append("\n\n");
            for (int word = 0; word < 150; word++) {
                text.append("word").append(random.nextInt(1000)).append(word % 12 == 11 ? ". " : " ");
            }
            text.append("\n\n");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
