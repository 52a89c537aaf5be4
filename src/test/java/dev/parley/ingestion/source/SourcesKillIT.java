package dev.parley.ingestion.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.ParleyProcess;
import dev.parley.testing.TestStore;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The packaged application works on a source in a process of its own, which dies in the middle, and again.
@QuarkusTest
@Tag("packaged")
@TestProfile(SourcesDeadlineIT.Called.class)
class SourcesKillIT {

    private static final String PACKAGED_MODEL = "bge-small-en-v1.5";
    private static final int PAGES = 40;

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();
    private final TestStore store = TestStore.create(tenant.key(), PACKAGED_MODEL);

    @Test
    void afterKillsEveryDocumentIsThereOnce() throws Exception {
        try (var site = new ScriptedSite()) {
            IntStream.range(0, PAGES).forEach(i -> site.put("/" + i, ScriptedSite.text("Page number " + i)));
            List<String> urls =
                    IntStream.range(0, PAGES).mapToObj(i -> site.url("/" + i)).toList();
            var source = TestSource.ofUrls(tenant, store, urls);

            for (int atLeast : List.of(5, 15)) {
                try (var process = ParleyProcess.start(config())) {
                    await().atMost(Duration.ofMinutes(2))
                            .pollInterval(Duration.ofMillis(20))
                            .until(() -> count("files") >= atLeast);
                    process.kill();
                }
            }
            assertThat(count("files")).isLessThan(PAGES);
            try (var process = ParleyProcess.start(config())) {
                assertThat(TestSource.counts(source.ended())).containsExactly(PAGES, 0, 0, 0, 0);
                store.awaitCompleted(PAGES);
            }

            assertThat(count("files")).isEqualTo(PAGES);
            assertThat(count("vector_store_files")).isEqualTo(PAGES);
            assertThat(count("chunks")).isEqualTo(PAGES);
            assertThat(count("source_documents WHERE file_id IS NOT NULL AND next_file_id IS NULL"))
                    .isEqualTo(PAGES);
        }
    }

    private static Map<String, String> config() {
        return Map.of(
                "parley.job.workers", "1",
                "parley.job.lease", "2s",
                "parley.egress.schemes", "http,https",
                "parley.egress.ports", ConfigProvider.getConfig().getValue(SourcesProfile.PORT, String.class),
                "parley.egress.allowed-ranges", "127.0.0.0/8",
                "parley.ingestion.sources.host-delay", "250ms");
    }

    private long count(String rows) {
        return transactions.inTenant(
                tenant.id(), connection -> Sql.first(connection, "SELECT count(*) FROM " + rows, row -> row.getLong(1))
                        .orElseThrow());
    }
}
