package dev.parley.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.parley.invocation.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SseStreamsTest {

    private final TurnEvents events =
            new TurnEvents(new Recording.None(UUID.randomUUID()), StreamSettings.with(), _ -> {});
    private final ClientStream client = events.attach(-1);
    private final CountDownLatch disconnected = new CountDownLatch(1);

    @Test
    void framesAreWrittenAsTheyAre() throws Exception {
        Reading.emit(events, 2);
        events.emitLast(2, "data: ü\n\ndata: [DONE]\n\n");
        events.settled();
        var out = new ByteArrayOutputStream();

        write(out);

        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(Reading.frame(0) + Reading.frame(1) + "data: ü\n\ndata: [DONE]\n\n");
    }

    @Test
    void eachEventIsFlushedBeforeTheNextIsAwaited() throws Exception {
        var flushed = new ByteArrayOutputStream() {
            @Override
            public void flush() {
                if (size() < 5 * Reading.frame(0).length()) {
                    Reading.emit(events, 1); // only now is there another
                } else {
                    events.close();
                }
            }
        };
        Reading.emit(events, 1);

        write(flushed);

        assertThat(flushed.toString(StandardCharsets.UTF_8)).endsWith(Reading.frame(4));
    }

    @Test
    void silenceIsFilledWithComments() throws Exception {
        var out = new ByteArrayOutputStream() {
            @Override
            public void flush() {
                if (toString(StandardCharsets.UTF_8).equals(": still here\n\n: still here\n\n")) {
                    events.close();
                }
            }
        };

        write(out, "heartbeat", "PT0.01S");

        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith(": still here\n\n: still here\n\n");
    }

    @Test
    void aConnectionLastsNoLongerThanItMay() throws Exception {
        var out = new ByteArrayOutputStream();

        write(out, "heartbeat", "PT0.01S", "longest", "PT0.05S");

        assertThat(out.toString(StandardCharsets.UTF_8)).contains(": still here");
    }

    @Test
    void aClientThatTakesNothingIsDisconnectedAndItsTurnGoesOn() {
        var stuck = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                try {
                    disconnected.await();
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
                throw new IOException("closed");
            }
        };
        Reading.emit(events, 1);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> write(stuck, "stalled-client", "PT0.05S"))
                .withMessage("closed");
        Reading.emit(events, 1);
    }

    private void write(OutputStream out, String... settings) throws IOException {
        new SseStreams(StreamSettings.with(settings))
                .write(client, new Connection(out, Deadline.NONE, disconnected::countDown), new CountingEndings());
    }
}
