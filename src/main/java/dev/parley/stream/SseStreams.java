package dev.parley.stream;

import dev.parley.stream.Delivery.End;
import dev.parley.stream.Delivery.Event;
import dev.parley.stream.Delivery.Lost;
import dev.parley.stream.Delivery.Notice;
import dev.parley.stream.Delivery.Silence;
import dev.parley.stream.Delivery.Unfinished;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Writes streams as server-sent events, each at once, with comments while there is nothing to say.
@ApplicationScoped
public class SseStreams {

    /// Clients ignore it, proxies see that the connection lives.
    private static final String HEARTBEAT = ": still here\n\n";

    /// What a stream's own end takes before its process is frozen.
    private static final Duration LAST_FRAME = Duration.ofSeconds(1);

    private final StreamConfig config;

    SseStreams(StreamConfig config) {
        this.config = config;
    }

    /// How long a stream may be silent: as long as a caller should wait for its first event before it answers.
    public Duration heartbeat() {
        return config.heartbeat();
    }

    /// Returns at the stream's end, or when the connection has lasted as long as it may.
    ///
    /// @throws dev.parley.problem.Problem (503) when the log cannot be read; what is written so far is whole
    public void write(ClientStream client, Connection connection, Endings endings) throws IOException {
        try (var guard = StallGuard.start(config.stalledClient(), connection.cut())) {
            write(client, new GuardedOutput(connection, guard), endings);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        } finally {
            client.abandon();
        }
    }

    private void write(ClientStream client, GuardedOutput out, Endings endings)
            throws IOException, InterruptedException {
        long end = System.nanoTime()
                + shorter(
                                config.longest(),
                                out.connection.deadline().leftInAll().minus(LAST_FRAME))
                        .toNanos();
        boolean more = true;
        for (long left = end - System.nanoTime(); more && left > 0; left = end - System.nanoTime()) {
            Delivery next = client.next(shorter(config.heartbeat(), Duration.ofNanos(left)));
            String frame =
                    switch (next) {
                        case Event event -> event.frame();
                        case Notice notice -> notice.frame();
                        case Lost lost -> endings.lost(lost);
                        case Unfinished unfinished -> endings.unfinished(unfinished);
                        case Silence _ -> HEARTBEAT;
                        case End _ -> "";
                    };
            more = !(next instanceof End);
            out.write(frame, !client.isReady());
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private record GuardedOutput(Connection connection, StallGuard guard) {

        /// @param flush unless more follows at once
        void write(String frame, boolean flush) throws IOException {
            guard.writing();
            OutputStream out = connection.out();
            out.write(frame.getBytes(StandardCharsets.UTF_8));
            if (flush) {
                out.flush();
            }
            guard.written();
        }
    }
}
