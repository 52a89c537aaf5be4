package dev.parley.batch;

import static dev.parley.batch.TestBatch.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.models.batches.Batch;
import dev.parley.invocation.Deadline;
import dev.parley.job.EventHandler;
import dev.parley.job.RingingQueues;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.Step;
import dev.parley.testing.TestTenant;
import io.quarkus.arc.All;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A batch in a function: it runs only while an invocation calls for it.
@QuarkusTest
@WithTestResource(RingingQueues.class)
class CalledBatchIT {

    private static final Duration TIME_OUT = Duration.ofSeconds(12);
    private static final int LINES = 60;

    @Inject
    @All
    List<EventHandler> handlers;

    private final TestTenant tenant = TestTenant.create();

    @Test
    void whatDoesNotFitIntoAnInvocationIsLeftToTheNextAndNoLineIsCutOff() throws Exception {
        var script = ScriptedProvider.script(Reply.steps(new Step.Pause(500), new Step.Text("Done.")));
        List<String> ids =
                IntStream.range(0, LINES).mapToObj("line-%02d"::formatted).toList();
        var batch = TestBatch.create(
                tenant.key(),
                ids.stream().map(id -> line(id, script.marker() + " " + id)).toList());

        var shares = new ArrayList<Integer>();
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            int before = script.requests().size();
            var deadline = Deadline.in(TIME_OUT);
            call(deadline);
            assertThat(deadline.leftInAll()).isPositive();
            shares.add(script.requests().size() - before);
            return batch.look().status().equals(Batch.Status.COMPLETED);
        });

        assertThat(batch.errors()).isEmpty();
        assertThat(batch.customIds()).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(shares.stream().filter(share -> share > 0)).hasSizeGreaterThan(1);
        assertThat(shares.stream().mapToInt(Integer::intValue).sum()).isEqualTo(LINES);
    }

    private void call(Deadline deadline) throws Exception {
        JsonNode ring = new ObjectMapper().readTree("{\"parley\":\"job\",\"workload\":\"patient\"}");
        for (EventHandler handler : handlers) {
            if (handler.handles(ring)) {
                handler.handle(ring, deadline);
            }
        }
    }
}
