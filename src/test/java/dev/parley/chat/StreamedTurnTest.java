package dev.parley.chat;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.parley.postgres.Json;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class StreamedTurnTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final AtomicBoolean disconnected = new AtomicBoolean();

    @Test
    void aTurnThatFailsFirstIsThrown() {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> run(config(), listener -> {
                    throw Problem.of(ProblemKind.UNAVAILABLE, "away", "Away.");
                }));
        assertThat(written()).isEmpty();
    }

    @Test
    void anUnexpectedFailureTellsNoDetail() throws Exception {
        run(config(), listener -> {
            listener.on(new TurnEvent.TextDelta("Once"));
            throw new IllegalStateException("secret");
        });

        assertThat(written()).contains("internal_error").doesNotContain("secret", "[DONE]");
    }

    @Test
    void aSilentTurnGetsHeartbeats() throws Exception {
        run(config("heartbeat", "PT0.02S"), listener -> {
            await().until(() -> written().contains(": still here\n\n"));
            return answer("Hello.");
        });

        assertThat(written()).startsWith(": still here\n\n").endsWith("data: [DONE]\n\n");
    }

    @Test
    void aFailureAfterAHeartbeatIsAnEvent() throws Exception {
        run(config("heartbeat", "PT0.02S"), listener -> {
            await().until(() -> !written().isEmpty());
            throw Problem.of(ProblemKind.UNAVAILABLE, "away", "Away.");
        });

        assertThat(written()).contains("\"code\":\"away\"").doesNotContain("[DONE]");
    }

    @Test
    void aStreamEndsWhenItLastsTooLong() throws Exception {
        var turnSawIt = new CountDownLatch(1);

        run(config("max-stream", "PT0.05S", "heartbeat", "PT0.02S"), listener -> {
            await().until(listener::isGone);
            turnSawIt.countDown();
            return answer("late");
        });

        assertThat(written()).contains("stream_too_long").doesNotContain("late");
        assertThat(turnSawIt.await(5, SECONDS)).isTrue();
    }

    @Test
    void aClientThatTakesNothingIsDisconnectedAndItsTurnEnds() throws Exception {
        var turnEnded = new CountDownLatch(1);
        var stuck = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                await().until(disconnected::get);
                throw new IOException("closed");
            }
        };

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> run(config("stalled-client", "PT0.05S"), stuck, listener -> {
                    while (!listener.isGone()) {
                        listener.on(new TurnEvent.TextDelta("more"));
                    }
                    turnEnded.countDown();
                    return answer("end");
                }));

        assertThat(turnEnded.await(5, SECONDS)).isTrue();
    }

    private void run(ChatConfig config, Function<TurnListener, Answer> turn) throws Exception {
        run(config, out, turn);
    }

    private void run(ChatConfig config, OutputStream to, Function<TurnListener, Answer> turn) throws Exception {
        var pipe = new EventPipe(config.stalledClient(), () -> disconnected.set(true));
        var streamed = new StreamedTurn(pipe, config);
        streamed.start(task -> Thread.ofVirtual().start(task), turn);
        streamed.writeTo(
                new ChunkWriter(new CompletionHead("chatcmpl-1", 1, "m"), false, new Json(new ObjectMapper()), to));
    }

    private String written() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Answer answer(String text) {
        var response = ChatResponse.builder().aiMessage(AiMessage.from(text)).build();
        var receipt = new Receipt(
                "req_1", "m", "p", false, List.of(), null, null, null, new Receipt.Tokens(0, 0), 0, 0, 0, List.of());
        return new Answer(response, List.of(), receipt);
    }

    private static ChatConfig config(String... overrides) {
        var builder = new SmallRyeConfigBuilder().withMapping(ChatConfig.class);
        for (int i = 0; i < overrides.length; i += 2) {
            builder.withDefaultValue("parley.chat." + overrides[i], overrides[i + 1]);
        }
        return builder.build().getConfigMapping(ChatConfig.class);
    }
}
