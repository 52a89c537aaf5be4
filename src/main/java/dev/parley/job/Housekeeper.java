package dev.parley.job;

import dev.parley.job.HousekeepingTurns.Claim;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Runs the [Housekeeping] that is due. However many processes there are, each task runs about once per its interval.
@ApplicationScoped
public class Housekeeper {

    private static final Duration SHUTDOWN_GRACE = Duration.ofSeconds(5);

    /// A schedule is a minute exact: a task as long as its interval would be found not quite due at every other round.
    private static final Duration EARLY = Duration.ofSeconds(30);

    private final Map<String, Housekeeping> tasks;
    private final HousekeepingTurns turns;
    private final Duration limit;
    private final Map<String, HousekeepingTurn> running = new ConcurrentHashMap<>();

    Housekeeper(@All List<Housekeeping> tasks, HousekeepingTurns turns, JobConfig config) {
        this.tasks = tasks.stream().collect(Collectors.toUnmodifiableMap(Housekeeping::name, Function.identity()));
        this.turns = turns;
        this.limit = config.housekeeping().turn();
    }

    /// Runs every task that is due and that nobody else runs, side by side, and returns when they have ended: within
    /// three times the length of a turn, also when one hangs. A task that fails is logged, and no other suffers.
    ///
    /// Whoever has no loop calls it from time to time; a server has one.
    ///
    /// @return whether a task ran out of time with more left to do: a further call goes on with it
    /// @throws dev.parley.problem.Problem (unavailable) when the database is away
    public boolean runDue() throws InterruptedException {
        boolean moreLeft = false;
        for (HousekeepingTurn turn : startDue(EARLY)) {
            moreLeft |= turn.await();
        }
        return moreLeft;
    }

    /// Like [#runDue], without waiting.
    ///
    /// @param early how long before its time a task may run
    List<HousekeepingTurn> startDue(Duration early) {
        running.values().removeIf(HousekeepingTurn::isOver);
        List<Housekeeping> idle = tasks.values().stream()
                .filter(task -> !running.containsKey(task.name()))
                .toList();
        if (idle.isEmpty()) {
            return List.of();
        }
        var started = new ArrayList<HousekeepingTurn>();
        for (Claim claim : turns.claim(idle, HousekeepingTurn.lease(limit), early)) {
            var turn = HousekeepingTurn.start(Objects.requireNonNull(tasks.get(claim.task())), claim, turns, limit);
            running.put(claim.task(), turn);
            started.add(turn);
        }
        return started;
    }

    /// No further batches. What is left is due at once, for another process.
    void stop() throws InterruptedException {
        running.values().forEach(HousekeepingTurn::stop);
        for (HousekeepingTurn turn : running.values()) {
            turn.awaitStopped(SHUTDOWN_GRACE);
        }
    }
}
