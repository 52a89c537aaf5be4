package dev.parley.chat;

import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// A turn on a thread of its own and its client on another, so that a turn that fails early can still be answered
/// with a status, a silent one gets heartbeats, and a client that is gone is noticed.
final class StreamedTurn {

    private static final Logger LOG = Logger.getLogger(StreamedTurn.class);

    private final EventPipe pipe;
    private final ChatConfig config;
    private @Nullable TurnEvent first;

    StreamedTurn(EventPipe pipe, ChatConfig config) {
        this.pipe = pipe;
        this.config = config;
    }

    /// Starts the turn and waits for its first event, at most until a first heartbeat is due.
    ///
    /// @throws Problem when the turn failed before it
    void start(Executor threads, Function<TurnListener, Answer> turn) throws InterruptedException {
        threads.execute(() -> run(turn));
        first = pipe.next(config.heartbeat()).orElse(null);
        if (first instanceof TurnEvent.Failed failed) {
            throw failed.problem();
        }
    }

    private void run(Function<TurnListener, Answer> turn) {
        try {
            pipe.on(new TurnEvent.Completed(turn.apply(pipe)));
        } catch (CancellationException gone) {
            LOG.debug("A streamed turn ended with its client");
        } catch (Problem problem) {
            pipe.on(new TurnEvent.Failed(problem));
        } catch (RuntimeException | Error failure) {
            LOG.error("Unexpected failure of a streamed turn", failure);
            pipe.on(new TurnEvent.Failed(Problem.of(
                    ProblemKind.INTERNAL, "internal_error", "The server had an error while processing your request.")));
        }
    }

    /// Writes every event as it comes, until the last.
    void writeTo(ChunkWriter chunks) throws IOException {
        try {
            writeAll(chunks);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        } finally {
            pipe.abandon();
        }
    }

    private void writeAll(ChunkWriter chunks) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + config.maxStream().toNanos();
        Optional<TurnEvent> next = Optional.ofNullable(first);
        while (!pipe.isGone()) {
            if (next.isPresent()) {
                chunks.write(next.get());
            } else {
                chunks.heartbeat();
            }
            if (next.isPresent() && isLast(next.get())) {
                return;
            }
            if (System.nanoTime() > deadline) {
                chunks.write(new TurnEvent.Failed(tooLong(config.maxStream())));
                return;
            }
            next = pipe.next(config.heartbeat());
        }
    }

    private static boolean isLast(TurnEvent event) {
        return switch (event) {
            case TurnEvent.Completed _, TurnEvent.Failed _ -> true;
            case TurnEvent.TextDelta _, TurnEvent.RefusalDelta _, TurnEvent.Cited _, TurnEvent.ToolCallDelta _ -> false;
        };
    }

    private static Problem tooLong(Duration max) {
        return Problem.of(
                ProblemKind.TIMED_OUT,
                "stream_too_long",
                "The answer took longer than %d seconds.".formatted(max.toSeconds()));
    }
}
