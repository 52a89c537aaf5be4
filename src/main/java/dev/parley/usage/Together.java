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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    /// How many of a tenant wait for the call under way to end.
    int waiting(TenantId tenant) {
        Lane lane = lanes.get(tenant);
        return lane == null ? 0 : lane.waiting();
    }

    private enum Call {
        TO_LEAD,
        HAS_RESULT
    }

    private final class Waiting {

        private final I input;
        private final CompletableFuture<Call> called = new CompletableFuture<>();
        private @Nullable O output;
        private @Nullable RuntimeException failure;

        Waiting(I input) {
            this.input = input;
        }

        O result() {
            if (output == null) {
                throw failure == null ? new IllegalStateException("No answer") : failure;
            }
            return output;
        }
    }

    /// Whoever comes to an empty lane leads the first group. When that has its answers, the first who waits by then is
    /// called to lead the next, so each leads at most once and nobody waits for more than the group before theirs.
    private final class Lane {

        private final Queue<Waiting> queue = new ArrayDeque<>();
        private boolean isLed;
        private int inside;

        Lane enter() {
            inside++;
            return this;
        }

        /// Whether nobody is left.
        boolean leave() {
            return --inside == 0;
        }

        int waiting() {
            synchronized (queue) {
                return queue.size();
            }
        }

        O call(TenantId tenant, I input) {
            var waiting = new Waiting(input);
            if (add(waiting) == Call.TO_LEAD || await(waiting) == Call.TO_LEAD) {
                lead(tenant);
            }
            return waiting.result();
        }

        private @Nullable Call add(Waiting waiting) {
            synchronized (queue) {
                if (queue.size() >= MAX_WAITING) {
                    throw busy();
                }
                queue.add(waiting);
                Call call = isLed ? null : Call.TO_LEAD;
                isLed = true;
                return call;
            }
        }

        /// Who gives up takes its input back, unless it is on its way already.
        private Call await(Waiting waiting) {
            try {
                return waiting.called.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            } catch (TimeoutException tooLong) {
                // told below
            } catch (ExecutionException impossible) { // nothing completes it so
                throw new IllegalStateException(impossible);
            }
            synchronized (queue) {
                if (!waiting.called.isDone() && queue.remove(waiting)) {
                    throw busy();
                }
            }
            return waiting.called.join();
        }

        private void lead(TenantId tenant) {
            List<Waiting> group = take();
            try {
                run(tenant, group);
            } finally {
                handOver();
                group.forEach(each -> each.called.complete(Call.HAS_RESULT));
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

        private void handOver() {
            synchronized (queue) {
                Waiting next = queue.peek();
                if (next == null) {
                    isLed = false;
                } else {
                    next.called.complete(Call.TO_LEAD);
                }
            }
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
