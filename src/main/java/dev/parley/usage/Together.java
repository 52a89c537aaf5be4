package dev.parley.usage;

import dev.parley.postgres.DatabaseBusy;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Work of one tenant that waits for the database at the same time goes there together.
///
/// A tenant's budgets are rows that everybody changes: one call after another would pay for a commit each. So one call
/// is under way at a time, and whoever comes meanwhile shares the next one. Nobody waits when nobody else is there.
final class Together<I, O> {

    private static final int MAX_GROUP = 64;
    private static final int MAX_WAITING = 4096;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    /// For each lock, while the group is whole.
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /// For each lock, while it is found out whose call cannot be written.
    private static final Duration GLANCE = Duration.ofMillis(250);

    /// How long that may take: with the whole group's try it ends before those give up who wait behind it.
    private static final Duration SEARCH = Duration.ofSeconds(3);

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Function<I, Set<Object>> apart;
    private final Call<I, O> call;
    private final ConcurrentMap<TenantId, Lane> lanes = new ConcurrentHashMap<>();

    /// Writes everything or, when it fails, nothing.
    @FunctionalInterface
    interface Call<I, O> {

        /// Answers in the order of the inputs.
        ///
        /// @param patience for each lock that others hold
        List<O> of(TenantId tenant, List<I> inputs, Duration patience);
    }

    /// @param apart what two inputs of one call must not have in common
    Together(Function<I, Set<Object>> apart, Call<I, O> call) {
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

    private enum Cue {
        TO_LEAD,
        HAS_RESULT
    }

    private final class Waiting {

        private final I input;
        private final CompletableFuture<Cue> called = new CompletableFuture<>();
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

    /// Some that failed together.
    private final class Part {

        private final List<Waiting> members;
        private final RuntimeException failure;

        Part(List<Waiting> members, RuntimeException failure) {
            this.members = members;
            this.failure = failure;
        }

        /// Whether there is nothing to find out by trying fewer.
        boolean isWhole() {
            boolean isSomebodys = failure instanceof DatabaseBusy || failure instanceof DatabaseFailure;
            return members.size() == 1 || !isSomebodys;
        }

        List<List<Waiting>> halves() {
            int middle = members.size() / 2;
            return List.of(members.subList(0, middle), members.subList(middle, members.size()));
        }

        void fail() {
            members.forEach(each -> each.failure = failure);
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
            if (add(waiting) == Cue.TO_LEAD || await(waiting) == Cue.TO_LEAD) {
                lead(tenant);
            }
            return waiting.result();
        }

        private @Nullable Cue add(Waiting waiting) {
            synchronized (queue) {
                if (queue.size() >= MAX_WAITING) {
                    throw busy();
                }
                queue.add(waiting);
                Cue cue = isLed ? null : Cue.TO_LEAD;
                isLed = true;
                return cue;
            }
        }

        /// Who gives up takes its input back, unless it is on its way already.
        private Cue await(Waiting waiting) {
            try {
                return waiting.called.get(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
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
                group.forEach(each -> each.called.complete(Cue.HAS_RESULT));
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
            RuntimeException failure = attempt(tenant, group, PATIENCE);
            if (failure instanceof DatabaseBusy busy && busy.hasYielded()) {
                failure = attempt(tenant, group, PATIENCE);
            }
            if (failure != null) {
                search(tenant, group, failure);
            }
        }

        /// One that cannot be written must not spoil the others: the halves are tried on their own, and theirs, while
        /// there is time. Large parts come first, for what holds up one of them seldom holds up the next.
        private void search(TenantId tenant, List<Waiting> group, RuntimeException first) {
            long deadline = System.nanoTime() + SEARCH.toNanos();
            var parts = new ArrayDeque<Part>(List.of(new Part(group, first)));
            while (!parts.isEmpty()) {
                Part part = parts.remove();
                if (part.isWhole() || System.nanoTime() > deadline) {
                    part.fail();
                    continue;
                }
                for (List<Waiting> half : part.halves()) {
                    RuntimeException failure = attempt(tenant, half, GLANCE);
                    if (failure != null) {
                        parts.add(new Part(half, failure));
                    }
                }
            }
        }

        /// Returns why nothing was written, or null.
        private @Nullable RuntimeException attempt(TenantId tenant, List<Waiting> group, Duration patience) {
            try {
                List<O> outputs =
                        call.of(tenant, group.stream().map(each -> each.input).toList(), patience);
                for (int i = 0; i < group.size(); i++) {
                    group.get(i).output = outputs.get(i);
                }
                return null;
            } catch (RuntimeException failure) {
                return failure;
            }
        }

        private void handOver() {
            synchronized (queue) {
                Waiting next = queue.peek();
                if (next == null) {
                    isLed = false;
                } else {
                    next.called.complete(Cue.TO_LEAD);
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
