package dev.parley.ingestion.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.invocation.Deadline;
import dev.parley.job.EventHandler;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.testing.TestStore;
import dev.parley.testing.TestTenant;
import io.quarkus.arc.All;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Runs of sources in invocations, each of which has to end in time.
@QuarkusTest
@TestProfile(SourcesDeadlineIT.Called.class)
class SourcesDeadlineIT {

    private static final int PAGES = 8;

    /// Jobs are done by who is called.
    public static class Called extends SourcesProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            var config = new HashMap<>(super.getConfigOverrides());
            config.put("parley.job.polling", "false");
            config.put("parley.ingestion.sources.host-delay", "400ms");
            return config;
        }
    }

    @Inject
    @All
    List<EventHandler> handlers;

    @Inject
    Json json;

    @Inject
    Transactions transactions;

    private final TestTenant tenant = TestTenant.create();
    private final TestStore store = TestStore.create(tenant.key());

    @Test
    void aRunThatDoesNotFitGoesOnInTheNextInvocation() throws Exception {
        try (var site = new ScriptedSite()) {
            List<String> urls =
                    IntStream.range(0, PAGES).mapToObj(i -> site.url("/" + i)).toList();
            IntStream.range(0, PAGES).forEach(i -> site.put("/" + i, ScriptedSite.text("Page " + i)));
            var source = TestSource.ofUrls(tenant, store, urls);

            int invocations = 0;
            while (source.get().getString("last_run.status").equals("running") && invocations < 20) {
                invoke();
                invocations++;
            }

            assertThat(invocations).isBetween(2, 19);
            assertThat(TestSource.counts(source.get())).containsExactly(PAGES, 0, 0, 0, 0);
            assertThat(site.asked()).hasSize(PAGES);
            assertThat(transactions.<Integer>inTenant(tenant.id(), connection -> Sql.first(
                                    connection, "SELECT count(*) FROM files", row -> row.getInt(1))
                            .orElseThrow()))
                    .isEqualTo(PAGES);
        }
    }

    private void invoke() throws Exception {
        JsonNode ring = json.tree("{\"parley\": \"job\", \"workload\": \"patient\"}");
        var deadline = Deadline.in(Duration.ofSeconds(5));
        EventHandler handler =
                handlers.stream().filter(each -> each.handles(ring)).findFirst().orElseThrow();

        handler.handle(ring, deadline);

        assertThat(deadline.leftInAll()).isPositive();
    }
}
