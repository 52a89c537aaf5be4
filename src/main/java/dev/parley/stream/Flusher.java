package dev.parley.stream;

import dev.parley.problem.Problem;
import dev.parley.usage.Ticket;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;

/// Brings a turn's events to the log, off the thread that emits them, and tries again while the database is away.
///
/// All turns of a process share a few flushes at a time: under load flushes wait, and grow.
final class Flusher implements Runnable {

    private static final Logger LOG = Logger.getLogger(Flusher.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Ticket ticket;
    private final EventLog log;
    private final LogBuffer buffer;
    private final Semaphore flushes;
    private Duration pause = FIRST_PAUSE;
    private volatile boolean cancelled;
    private volatile boolean lost;

    Flusher(Ticket ticket, EventLog log, LogBuffer buffer, Semaphore flushes) {
        this.ticket = ticket;
        this.log = log;
        this.buffer = buffer;
        this.flushes = flushes;
    }

    void start() {
        Thread.ofVirtual().name("event-log-" + ticket.turn()).start(this);
    }

    Ticket ticket() {
        return ticket;
    }

    boolean isCancelled() {
        return cancelled;
    }

    boolean isLost() {
        return lost;
    }

    @Override
    public void run() {
        try {
            Flush flush = buffer.awaitDue();
            while (flush != null && !lost) {
                attempt(flush);
                flush = buffer.awaitDue();
            }
        } catch (InterruptedException stopped) {
            LOG.debugf("No more events of turn %s are logged", ticket.turn());
        }
    }

    private void attempt(Flush flush) throws InterruptedException {
        try {
            act(append(flush), flush);
            pause = FIRST_PAUSE;
        } catch (Problem away) {
            LOG.debugf("Events of turn %s wait: %s", ticket.turn(), away.getMessage());
            buffer.pause(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        } catch (RuntimeException failure) {
            LOG.errorf(failure, "Events of turn %s cannot be logged", ticket.turn());
            buffer.giveUp();
            buffer.pause(LONGEST_PAUSE); // a lease may still be wanted
        }
    }

    private Flush.Verdict append(Flush flush) throws InterruptedException {
        flushes.acquire();
        try {
            return log.append(ticket, flush);
        } finally {
            flushes.release();
        }
    }

    private void act(Flush.Verdict verdict, Flush flush) {
        switch (verdict) {
            case FLUSHED -> buffer.flushed(flush);
            case CANCELLED -> {
                cancelled = true;
                buffer.flushed(flush);
            }
            case LOST -> {
                lost = true;
                buffer.giveUp();
                buffer.end();
            }
        }
    }
}
