package dev.parley.stream;

import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import dev.parley.stream.Delivery.End;
import dev.parley.stream.Delivery.Event;
import dev.parley.stream.Delivery.Lost;
import dev.parley.stream.Delivery.Silence;
import dev.parley.stream.Delivery.Unfinished;
import dev.parley.usage.Turns;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;

/// Reads one turn's log as it grows, whichever process writes it.
///
/// It asks again after 50 ms, twice as long each time nothing has come, up to 500 ms.
final class Follower {

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);
    private static final int ROWS = 64;

    private final TenantId tenant;
    private final UUID turn;
    private final EventLog log;
    private final Turns turns;
    private final Outage outage;
    private final Deque<Event> read = new ArrayDeque<>();
    private Duration pause = SHORTEST_PAUSE;

    Follower(TenantId tenant, UUID turn, EventLog log, Turns turns, Duration outagePatience) {
        this.tenant = tenant;
        this.turn = turn;
        this.log = log;
        this.turns = turns;
        this.outage = new Outage(outagePatience);
    }

    /// Whether something after the given event is here already.
    boolean isReady(long after) {
        return !read.isEmpty() && read.getLast().sequence() > after;
    }

    /// What comes after the given event.
    ///
    /// @throws Problem (503) when the database has been away for too long
    Delivery next(long after, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Optional<Delivery> next = take(after).or(() -> ask(after));
            if (next.isPresent()) {
                pause = SHORTEST_PAUSE;
                return next.get();
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return new Silence();
            }
            Thread.sleep(Duration.ofNanos(Math.min(left, pause.toNanos())));
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private Optional<Delivery> take(long after) {
        while (!read.isEmpty() && read.getFirst().sequence() <= after) {
            read.removeFirst();
        }
        if (read.isEmpty()) {
            return Optional.empty();
        }
        long first = read.getFirst().sequence();
        return Optional.of(first > after + 1 ? new Lost(after + 1, first) : read.removeFirst());
    }

    private Optional<Delivery> ask(long after) {
        try {
            Optional<Delivery> answer = askLog(after);
            outage.ended();
            return answer;
        } catch (Problem problem) {
            if (problem.kind() == ProblemKind.UNAVAILABLE || problem.kind() == ProblemKind.TIMED_OUT) {
                outage.goesOn(problem);
                return Optional.empty();
            }
            throw problem;
        }
    }

    private Optional<Delivery> askLog(long after) {
        Optional<LogPage> found = log.read(tenant, turn, after, ROWS);
        if (found.isEmpty()) {
            return Optional.of(new End());
        }
        LogPage page = found.get();
        read.addAll(page.events());
        if (!read.isEmpty()) {
            return take(after);
        }
        if (page.over()) {
            return Optional.of(end(after, page.leasedSequence()));
        }
        if (page.overdue()) {
            // Who looks up a dead turn settles it.
            turns.find(tenant, turn);
        }
        return Optional.empty();
    }

    /// Who had the end before gets no other one.
    private Delivery end(long after, long leasedSequence) {
        Optional<Event> last = log.last(tenant, turn);
        if (last.filter(Event::last).isPresent() || after >= leasedSequence) {
            return new End();
        }
        return new Unfinished(leasedSequence, last.map(Event::sequence).orElse(-1L));
    }
}
