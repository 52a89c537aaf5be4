package dev.parley.stream;

import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import dev.parley.stream.Delivery.Event;
import dev.parley.stream.Delivery.Notice;
import dev.parley.usage.LastEvents;
import dev.parley.usage.TurnLost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where a running turn says what happens.
///
/// One thread emits: any number of [#emit], then [#emitLast], [#last] for the settlement, and [#settled] once that has
/// succeeded; [#close] in any case. What is emitted is on its way to the attached clients at once and to the log
/// within 50 ms or 32 events, but for the last event: nobody sees that before the turn is settled.
public final class TurnEvents implements AutoCloseable {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final Recording recording;
    private final Consumer<TurnEvents> forget;
    private final Duration leasePatience;
    private final int clientCapacity;
    private final List<LiveQueue> clients = new ArrayList<>();
    private long next;
    private @Nullable Event held;
    private boolean over;
    private volatile boolean cancelled;
    private volatile boolean lost;

    TurnEvents(Recording recording, StreamConfig config, Consumer<TurnEvents> forget) {
        this.recording = recording;
        this.leasePatience = config.outagePatience();
        this.clientCapacity = config.bufferedCharacters();
        this.forget = forget;
    }

    /// The number of the event to be emitted next. Waits for the database only if that has been away for hundreds of
    /// events.
    ///
    /// @throws Problem (503) when it stays away
    /// @throws TurnLost when the turn is somebody else's by now
    public long next() {
        try {
            if (!recording.awaitLease(next, leasePatience)) {
                throw isLost() ? new TurnLost(recording.turn()) : noLease();
            }
            return next;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new CancellationException("The turn is stopped");
        }
    }

    /// @param sequence as [#next] told it
    public void emit(long sequence, String frame) {
        var event = taken(new Event(sequence, frame, false));
        boolean detachable = recording.add(event);
        synchronized (this) {
            next = sequence + 1;
            clients.removeIf(client -> !client.offer(event, detachable));
        }
    }

    /// The event that ends the stream, several of a client's events in one frame where its protocol wants them. It is
    /// held back until [#settled].
    public void emitLast(long sequence, String frame) {
        var event = taken(new Event(sequence, frame, true));
        recording.add(event);
        synchronized (this) {
            held = event;
            next = sequence + 1;
        }
    }

    private Event taken(Event event) {
        if (event.sequence() != next || held != null) {
            throw new IllegalStateException("Event %d is not the next one".formatted(event.sequence()));
        }
        return event;
    }

    /// Ends logging and returns what is not yet in the log, to become readable with the turn's outcome; null when the
    /// turn is not logged. Never waits: a flush under way and these events may overlap.
    public @Nullable LastEvents last() {
        return recording.end();
    }

    /// The turn is settled: attached clients get the last event.
    public synchronized void settled() {
        if (held == null) {
            throw new IllegalStateException("There is no last event");
        }
        Event event = held;
        finish(client -> client.offerLast(event));
    }

    /// Attached clients get this in place of the last event, for instance because the turn could not be settled. It
    /// has no sequence number.
    public synchronized void endWith(String frame) {
        finish(client -> client.closeWith(new Notice(frame)));
    }

    /// The turn failed before it emitted anything, which attached clients are told as a failure of their request.
    public synchronized void fail(Problem problem) {
        finish(client -> client.closeWith(problem));
    }

    private void finish(Consumer<LiveQueue> goodbye) {
        over = true;
        clients.forEach(goodbye);
        clients.clear();
    }

    /// Lets go of everything. Clients that were told no end learn from the log what became of the turn; without a log
    /// their stream just ends.
    @Override
    public void close() {
        recording.end();
        forget.accept(this);
        synchronized (this) {
            finish(LiveQueue::close);
        }
    }

    /// A client that gets what is emitted from now on, and what came after the event it has, if anything, by the log.
    ///
    /// @param after -1 for all
    public synchronized ClientStream attach(long after) {
        LiveQueue live = over ? null : new LiveQueue(next, clientCapacity);
        if (live != null) {
            clients.add(live);
        }
        return new ClientStream(live, recording.follower(), after);
    }

    /// Somebody wants the turn to stop; a flush finds out too.
    public void cancel() {
        cancelled = true;
    }

    public boolean isCancelled() {
        return cancelled || recording.isCancelled();
    }

    /// The turn is not ours any more; a flush finds out too.
    public void lose() {
        lost = true;
    }

    public boolean isLost() {
        return lost || recording.isLost();
    }

    private static Problem noLease() {
        return Problem.passing(
                ProblemKind.UNAVAILABLE,
                "database_unavailable",
                "The database has been away for too long to go on with this stream.",
                RETRY_AFTER);
    }
}
