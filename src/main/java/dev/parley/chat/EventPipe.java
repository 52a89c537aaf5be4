package dev.parley.chat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// Carries events from the thread of a turn to the thread that writes to its client: bounded, so that a slow client
/// slows the model down instead of filling the memory, and never waiting for ever on either side.
final class EventPipe implements TurnListener {

    private static final int CAPACITY = 256;

    private final BlockingQueue<TurnEvent> events = new ArrayBlockingQueue<>(CAPACITY);
    private final Duration stalledClient;
    private final Runnable disconnect;
    private volatile boolean abandoned;

    /// @param stalledClient how long a client may take no event
    /// @param disconnect frees a thread that is stuck in writing to a client that is given up
    EventPipe(Duration stalledClient, Runnable disconnect) {
        this.stalledClient = stalledClient;
        this.disconnect = disconnect;
    }

    @Override
    public void on(TurnEvent event) {
        try {
            if (!abandoned && !events.offer(event, stalledClient.toMillis(), TimeUnit.MILLISECONDS)) {
                abandon();
                disconnect.run();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            abandon();
        }
    }

    @Override
    public boolean isGone() {
        return abandoned;
    }

    /// The next event; empty when none came in time.
    Optional<TurnEvent> next(Duration patience) throws InterruptedException {
        return Optional.ofNullable(events.poll(patience.toMillis(), TimeUnit.MILLISECONDS));
    }

    /// Nobody will take events any more: a turn that waits to hand one over goes on, and ends.
    void abandon() {
        abandoned = true;
        events.clear();
    }
}
