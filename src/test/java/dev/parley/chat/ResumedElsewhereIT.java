package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.chat.responses.ResponseRequests;
import dev.parley.testing.Api;
import dev.parley.testing.ParleyProcess;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.Step;
import dev.parley.testing.TableLock;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A response that one process streams and another one goes on with: they share the database and nothing else.
@QuarkusTest
@Tag("packaged")
@Timeout(240)
class ResumedElsewhereIT {

    private static final int CUTS = 100;
    private static final int LONGEST_BURST = 40;

    /// More than a live client may be behind: it is detached, and goes on by the log.
    private static final int FLOOD = 400;

    /// What comes before the first piece of text: created, in progress, an item and its part.
    private static final int HEAD = 4;

    /// As many numbers as come with a turn.
    private static final int FIRST_NEVER_LEASED = 1024;

    private static final long SEED = 4711;
    private static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);

    private final TestTenant tenant = TestTenant.create();
    private final String gates = UUID.randomUUID() + "-";
    private final Random lot = new Random(SEED);
    private final Said said = new Said();
    private final List<JsonNode> heard = new ArrayList<>();

    /// Every cut is where the lot says, however fast anybody is: between two cuts the provider says one burst, so it
    /// is known how many events there are to be read.
    @Test
    void aHundredCutsChangeNothingOfWhatIsRead() throws Exception {
        int[] there = new int[CUTS];
        List<Step> steps = bursts(there);
        try (var owner = ParleyProcess.start(config())) {
            hear(start(owner, steps), 1 + lot.nextInt(there[0]));
            CompletableFuture<List<JsonNode>> uninterrupted = CompletableFuture.supplyAsync(
                    () -> EventStream.get(owner.url(), tenant.key(), path()).rest(), VIRTUAL);
            for (int cut = 1; cut < CUTS; cut++) {
                ScriptedProvider.open(gate(cut - 1));
                String process = cut % 2 == 0 ? owner.url() : Api.url();
                hear(resume(process), lot.nextInt(there[cut] - heard.size() + 1));
            }
            ScriptedProvider.open(gate(CUTS - 1));
            heard.addAll(resume(Api.url()).rest());

            assertThat(heard)
                    .extracting(event -> event.path("sequence_number").asInt(-1))
                    .as("seed %d", SEED)
                    .containsExactlyElementsOf(
                            IntStream.range(0, heard.size()).boxed().toList());
            assertThat(pieces()).isEqualTo(said.text.toString());
            assertThat(heard.getLast().at("/response/output/0/content/0/text").asText())
                    .isEqualTo(said.text.toString());
            assertThat(heard).isEqualTo(uninterrupted.get(20, TimeUnit.SECONDS));
            assertThat(heard).as("more than one lease of numbers").hasSizeGreaterThan(FIRST_NEVER_LEASED);
        }
    }

    /// What the provider says up to each of the cuts, and a last word.
    ///
    /// @param there filled with how many events there are before each cut
    private List<Step> bursts(int[] there) {
        var steps = new ArrayList<Step>();
        for (int cut = 0; cut < CUTS; cut++) {
            steps.addAll(said.words(cut % 25 == 24 ? FLOOD : 1 + lot.nextInt(LONGEST_BURST)));
            steps.add(gate(cut));
            there[cut] = HEAD + said.count;
        }
        steps.addAll(said.words(1));
        return steps;
    }

    /// The client had more than was written down when the process was killed. Elsewhere it is told so, under a number
    /// that nobody can have seen with another content; one that has less gets all that is durable before.
    @Test
    void whatADeadProcessLeftIsToldAndThenWhatIsLost() throws Exception {
        int durable = killAfterUnwrittenWords();

        JsonNode end = resume(Api.url()).rest().getLast();

        assertThat(end.path("type").asText()).isEqualTo("response.failed");
        assertThat(end.path("sequence_number").asInt()).isEqualTo(FIRST_NEVER_LEASED);
        assertThat(end.at("/response/status").asText()).isEqualTo("failed");
        assertThat(end.at("/response/error/code").asText()).isEqualTo("server_error");
        assertThat(end.at("/response/error/message").asText())
                .endsWith("The last event that was kept is %d.".formatted(durable - 1));
        for (int after = -1; after < heard.size(); after++) {
            var expected = new ArrayList<>(heard.subList(Math.min(after + 1, durable), durable));
            expected.add(end);
            assertThat(resume(Api.url(), after).rest()).as("after %d", after).isEqualTo(expected);
        }
        assertThat(resume(Api.url(), FIRST_NEVER_LEASED).rest())
                .as("who had the end")
                .isEmpty();
        assertThat(SeenResponse.fetch(tenant, id()).path("status").asText()).isEqualTo("failed");
    }

    /// Returns how many events are durable.
    private int killAfterUnwrittenWords() throws Exception {
        List<Step> steps = new ArrayList<>(said.words(10));
        int durable = HEAD + said.count;
        steps.add(gate(0));
        steps.addAll(said.words(10));
        steps.add(gate(1));
        try (var owner = ParleyProcess.start(config());
                var stream = start(owner, steps)) {
            heard.addAll(stream.next(durable));
            try (var follower = resume(Api.url(), -1)) {
                assertThat(follower.next(durable)).as("written down").isEqualTo(heard);
            }
            try (var log = TableLock.hold("turn_events IN SHARE MODE")) {
                ScriptedProvider.open(gate(0));
                heard.addAll(stream.next(10));
                log.awaitWaiting("flush_events");
                owner.kill();
                log.endWaiting();
            }
            assertThatThrownBy(stream::rest)
                    .as("nothing that could be taken for an end")
                    .isNotNull();
            ScriptedProvider.open(gate(1));
        }
        return durable;
    }

    /// What the provider says, each word another one.
    private static final class Said {

        private final StringBuilder text = new StringBuilder();
        private int count;

        List<Step> words(int howMany) {
            var steps = new ArrayList<Step>();
            for (int i = 0; i < howMany; i++) {
                String word = "word" + count++ + " ";
                text.append(word);
                steps.add(new Step.Text(word));
            }
            return steps;
        }
    }

    private static Map<String, String> config() {
        var config = new HashMap<>(ParleyProcess.scripted());
        config.put("parley.usage.lease", "2s");
        config.put("parley.job.workers", "0");
        return config;
    }

    private Step.Gate gate(int number) {
        return new Step.Gate(gates + number);
    }

    private EventStream start(ParleyProcess process, List<Step> steps) {
        var script = ScriptedProvider.script(Reply.steps(steps.toArray(Step[]::new)));
        String body = ResponseRequests.body("'stream': true, 'input': 'Hi " + script.marker() + "'")
                .put("model", "scripted-patient")
                .toString();
        return EventStream.post(process.url(), tenant.key(), "/v1/responses", body);
    }

    /// Reads so much and hangs up.
    private void hear(EventStream stream, int count) {
        try (stream) {
            heard.addAll(stream.next(count));
        }
    }

    private EventStream resume(String process) {
        return resume(process, heard.getLast().path("sequence_number").asInt());
    }

    private EventStream resume(String process, int after) {
        return EventStream.get(process, tenant.key(), path() + "&starting_after=" + after);
    }

    private String path() {
        return "/v1/responses/" + id() + "?stream=true";
    }

    private String id() {
        return heard.getFirst().at("/response/id").asText();
    }

    private String pieces() {
        var text = new StringBuilder();
        heard.stream()
                .filter(event -> event.path("type").asText().equals("response.output_text.delta"))
                .forEach(event -> text.append(event.path("delta").asText()));
        return text.toString();
    }
}
