package dev.parley.usage;

import dev.parley.postgres.DatabaseFailure;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Work of one tenant that waits for the database at the same time goes there together.
///
/// A tenant's budgets are rows that everybody changes: one call after another would pay for a commit each. So one call
/// is under way at a time, and whoever comes meanwhile shares the next one. Nobody waits when nobody else is there.
final class Together<I, O> {

    private static final int MAX_GROUP = 64;
    private static final int MAX_WAITING = 4096;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Function<I, Set<Object>> apart;
    private final BiFunction<TenantId, List<I>, List<O>> call;
    private final ConcurrentMap<TenantId, Lane> lanes = new ConcurrentHashMap<>();

    /// @param apart what two inputs of one call must not have in common
    /// @param call answers in the order of its inputs
    Together(Function<I, Set<Object>> apart, BiFunction<TenantId, List<I>, List<O>> call) {
        this.apart = apart;
        this.call = call;
    }

    /// @throws Problem (503) when too many wait already
    O call(TenantId tenant, I input) {
        Lane lane = lanes.compute(tenant, (_, known) -> (known == null ? new Lane() : known).enter());
        try {
            return lane.call(tenant, input);
        } finally {
            lanes.compute(tenant, (_, left) -> left == null || left.leave() ? null : left);
        }
    }

    private final class Waiting {

        private final I input;
        private @Nullable O output;
        private @Nullable RuntimeException failure;

        Waiting(I input) {
            this.input = input;
        }

        boolean isDone() {
            return output != null || failure != null;
        }

        O result() {
            if (output == null) {
                throw failure == null ? new IllegalStateException("No answer") : failure;
            }
            return output;
        }
    }

    private final class Lane {

        private final ReentrantLock database = new ReentrantLock();
        private final Queue<Waiting> queue = new ArrayDeque<>();
        private int inside;

        Lane enter() {
            inside++;
            return this;
        }

        /// Whether nobody is left.
        boolean leave() {
            return --inside == 0;
        }

        O call(TenantId tenant, I input) {
            var waiting = new Waiting(input);
            add(waiting);
            acquire(waiting);
            try {
                while (!waiting.isDone()) {
                    run(tenant, take());
                }
            } finally {
                database.unlock();
            }
            return waiting.result();
        }

        private void add(Waiting waiting) {
            synchronized (queue) {
                if (queue.size() >= MAX_WAITING) {
                    throw busy();
                }
                queue.add(waiting);
            }
        }

        private List<Waiting> take() {
            var group = new ArrayList<Waiting>();
            var taken = new HashSet<Object>();
            synchronized (queue) {
                Iterator<Waiting> each = queue.iterator();
                while (each.hasNext() && group.size() < MAX_GROUP) {
                    Waiting next = each.next();
                    Set<Object> own = apart.apply(next.input);
                    if (Collections.disjoint(taken, own)) {
                        taken.addAll(own);
                        group.add(next);
                        each.remove();
                    }
                }
            }
            return group;
        }

        private void run(TenantId tenant, List<Waiting> group) {
            try {
                List<O> outputs = call.apply(
                        tenant, group.stream().map(each -> each.input).toList());
                for (int i = 0; i < group.size(); i++) {
                    group.get(i).output = outputs.get(i);
                }
            } catch (DatabaseFailure failure) {
                // One that cannot be written must not spoil the others.
                if (group.size() == 1) {
                    group.getFirst().failure = failure;
                } else {
                    group.forEach(each -> run(tenant, List.of(each)));
                }
            } catch (RuntimeException failure) {
                group.forEach(each -> each.failure = failure);
            }
        }

        /// Who gives up takes its input back, unless it is on its way already.
        private void acquire(Waiting waiting) {
            try {
                if (database.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            synchronized (queue) {
                if (queue.remove(waiting)) {
                    throw busy();
                }
            }
            database.lock();
        }
    }

    private static Problem busy() {
        return Problem.passing(
                ProblemKind.UNAVAILABLE,
                "overloaded",
                "Too many requests wait for the database. Please retry shortly.",
                RETRY_AFTER);
    }
}
