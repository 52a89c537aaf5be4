package dev.parley.stream;

import dev.parley.stream.Delivery.Event;
import dev.parley.usage.LastEvents;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// How a turn's events are kept: in the log, or not at all.
sealed interface Recording {

    UUID turn();

    /// Returns whether the turn may use the number.
    boolean awaitLease(long sequence, Duration patience) throws InterruptedException;

    /// Returns whether a client may leave the event to the log.
    boolean add(Event event);

    /// May be called again.
    @Nullable
    LastEvents end();

    /// Null when there is nothing to follow.
    @Nullable
    Follower follower();

    boolean isCancelled();

    boolean isLost();

    /// Kept nowhere.
    record None(UUID turn) implements Recording {

        @Override
        public boolean awaitLease(long sequence, Duration patience) {
            return true;
        }

        @Override
        public boolean add(Event event) {
            return false;
        }

        @Override
        public @Nullable LastEvents end() {
            return null;
        }

        @Override
        public @Nullable Follower follower() {
            return null;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public boolean isLost() {
            return false;
        }
    }

    /// Flushed by a thread of its own.
    record Logged(UUID turn, LogBuffer buffer, Flusher flusher, EventLogs logs) implements Recording {

        @Override
        public boolean awaitLease(long sequence, Duration patience) throws InterruptedException {
            return buffer.awaitLease(sequence, patience);
        }

        @Override
        public boolean add(Event event) {
            return buffer.add(event);
        }

        @Override
        public @Nullable LastEvents end() {
            return logs.encodeLast(flusher.ticket(), buffer.end());
        }

        @Override
        public Follower follower() {
            return logs.follower(flusher.ticket().tenant(), turn);
        }

        @Override
        public boolean isCancelled() {
            return flusher.isCancelled();
        }

        @Override
        public boolean isLost() {
            return flusher.isLost();
        }
    }
}
