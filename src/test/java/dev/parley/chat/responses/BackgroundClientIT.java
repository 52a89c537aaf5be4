package dev.parley.chat.responses;

import static dev.parley.chat.responses.ResponsesClient.accumulate;
import static dev.parley.chat.responses.ResponsesClient.ask;
import static dev.parley.chat.responses.ResponsesClient.sequence;
import static dev.parley.chat.responses.ResponsesClient.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import dev.parley.testing.Api;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.Step;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Responses in the background, in the hands of OpenAI's own Java client: polled, cancelled, cut off and resumed.
@QuarkusTest
class BackgroundClientIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ResponsesClient openai = new ResponsesClient(Api.newTenant());
    private final OpenAIClient client = openai.client();
    private final Step.Gate gate = new Step.Gate(UUID.randomUUID().toString());
    private final ScriptedProvider.Script script = ScriptedProvider.script(
            Reply.steps(new Step.Text("Once "), gate, new Step.Text("upon "), new Step.Text("a time.")));

    @AfterEach
    void close() {
        openai.close();
    }

    @Test
    void aResponseIsPolledUntilItIsThere() {
        Response queued = client.responses().create(background()).validate();
        assertThat(queued.status()).contains(ResponseStatus.QUEUED);
        assertThat(queued.background()).contains(true);
        assertThat(queued.output()).isEmpty();

        Response running = awaitStatus(queued.id(), ResponseStatus.IN_PROGRESS);
        assertThat(running.output()).isEmpty();
        ScriptedProvider.open(gate);
        Response done = awaitStatus(queued.id(), ResponseStatus.COMPLETED);

        assertThat(text(done)).isEqualTo("Once upon a time.");
        assertThat(done.usage().orElseThrow().totalTokens()).isEqualTo(19);
        assertThat(client.responses().inputItems().list(done.id()).items()).hasSize(1);
        client.responses().delete(done.id());
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(() -> client.responses().retrieve(done.id()));
    }

    @Test
    void aCutStreamIsResumedWhereItWasCut() {
        List<ResponseStreamEvent> heard = hearFirstWord();
        String id = id(heard);
        assertThat(text(heard)).isEqualTo("Once ");
        ScriptedProvider.open(gate);

        heard.addAll(openai.resume(id, sequence(heard.getLast())));

        assertThat(heard).extracting(ResponsesClient::sequence).containsExactlyElementsOf(numbers(heard.size()));
        assertThat(text(heard)).isEqualTo("Once upon a time.");
        assertThat(heard).isEqualTo(openai.replay(id));
        Response whole = accumulate(heard);
        assertThat(text(whole)).isEqualTo("Once upon a time.");
        assertThat(whole).isEqualTo(client.responses().retrieve(id));
    }

    @Test
    void aStreamIsResumedAfterAnyOfItsEvents() {
        ScriptedProvider.open(gate);
        List<ResponseStreamEvent> whole = openai.stream(background());
        String id = id(whole);

        for (int last = 0; last < whole.size(); last++) {
            assertThat(openai.resume(id, last)).as("after %d", last).isEqualTo(whole.subList(last + 1, whole.size()));
        }
    }

    @Test
    void aResponseIsCancelledOnce() {
        Response queued = client.responses().create(background());
        awaitAsked();

        client.responses().cancel(queued.id()).validate();
        ScriptedProvider.open(gate);

        Response cancelled = awaitStatus(queued.id(), ResponseStatus.CANCELLED);
        assertThat(client.responses().cancel(queued.id()).status()).contains(ResponseStatus.CANCELLED);
        assertThat(client.responses().retrieve(queued.id())).isEqualTo(cancelled);
    }

    @Test
    void aCancelledStreamEnds() {
        List<ResponseStreamEvent> heard = hearFirstWord();
        String id = id(heard);

        client.responses().cancel(id).validate();
        ScriptedProvider.open(gate);
        heard.addAll(openai.resume(id, sequence(heard.getLast())));

        assertThat(heard).extracting(ResponsesClient::sequence).containsExactlyElementsOf(numbers(heard.size()));
        Response end = heard.getLast().asIncomplete().response();
        assertThat(end.status()).contains(ResponseStatus.CANCELLED);
        assertThat(text(end)).startsWith("Once ").isEqualTo(text(heard));
        assertThat(client.responses().retrieve(id)).isEqualTo(end);
    }

    @Test
    void onlyTheBackgroundIsCancelled() {
        ScriptedProvider.open(gate);
        Response response =
                client.responses().create(ask("Hi " + script.marker()).build());

        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> client.responses().cancel(response.id()));
    }

    private ResponseCreateParams background() {
        return ask("Hi " + script.marker())
                .model("scripted-patient")
                .background(true)
                .build();
    }

    /// Up to the first piece of text, where the provider waits. Then the client hangs up.
    private List<ResponseStreamEvent> hearFirstWord() {
        var heard = new ArrayList<ResponseStreamEvent>();
        try (var stream = openai.open(background())) {
            var events = stream.stream().iterator();
            while (heard.isEmpty() || !heard.getLast().isOutputTextDelta()) {
                heard.add(events.next().validate());
            }
        }
        return heard;
    }

    private static String id(List<ResponseStreamEvent> events) {
        return events.getFirst().asCreated().response().id();
    }

    private static List<Long> numbers(int count) {
        return LongStream.range(0, count).boxed().toList();
    }

    private void awaitAsked() {
        await().atMost(PATIENCE).until(() -> !script.requests().isEmpty());
    }

    private Response awaitStatus(String id, ResponseStatus status) {
        return await().atMost(PATIENCE)
                .until(
                        () -> client.responses().retrieve(id).validate(),
                        response -> response.status().orElseThrow().equals(status));
    }
}
