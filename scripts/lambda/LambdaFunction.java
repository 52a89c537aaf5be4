import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A function as Lambda runs it: an environment for each invocation under way, started when none is free, used again
/// when there is one, and stopped when it has long had nothing to do.
final class LambdaFunction implements Closeable {

    /// For an environment that has answered to ask for more, before another is started instead.
    private static final Duration SETTLE = Duration.ofSeconds(2);

    /// For a process to get ready. Lambda's ten seconds are for native executables; a JVM on a busy laptop needs more.
    private static final Duration START = Duration.ofMinutes(2);

    private final LambdaSettings settings;
    private final Set<LambdaEnvironment> environments = new LinkedHashSet<>();

    /// The one that was used last comes first, as with Lambda.
    private final Deque<LambdaEnvironment.Poll> free = new ArrayDeque<>();

    private int started;
    private boolean closed;

    LambdaFunction(LambdaSettings settings) {
        this.settings = settings;
        Thread.ofVirtual().start(this::stopUnused);
    }

    /// Returns when the invocation is over; what the function answered went to its receiver by then.
    Outcome invoke(Invocation invocation) throws IOException, InterruptedException {
        var warm = giveToWarm(invocation);
        if (warm.isPresent()) return await(warm.get(), invocation);
        var cold = start();
        return cold.isEmpty() ? new Outcome.Throttled() : invokeCold(cold.get(), invocation);
    }

    private Outcome invokeCold(LambdaEnvironment environment, Invocation invocation) throws InterruptedException {
        try {
            var poll = environment.first().get(START.toSeconds(), TimeUnit.SECONDS);
            invocation.waited(environment.init());
            environment.give(poll, invocation);
            return await(environment, invocation);
        } catch (ExecutionException failed) {
            environment.close();
            return new Outcome.Died(failed.getCause().getMessage());
        } catch (TimeoutException late) {
            environment.close();
            return new Outcome.Died("not ready after %d seconds".formatted(START.toSeconds()));
        }
    }

    private static Outcome await(LambdaEnvironment environment, Invocation invocation) throws InterruptedException {
        try {
            var left = Duration.between(Instant.now(), invocation.deadline());
            return invocation.outcome().get(left.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            if (invocation.outcome().complete(new Outcome.TimedOut())) environment.close();
            return invocation.outcome().join();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// Empty when none is free.
    private synchronized Optional<LambdaEnvironment> giveToWarm(Invocation invocation) throws InterruptedException {
        long end = System.nanoTime() + SETTLE.toNanos();
        while (true) {
            var poll = free.pollFirst();
            if (poll != null) {
                poll.environment().give(poll, invocation);
                return Optional.of(poll.environment());
            }
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0 || environments.stream().noneMatch(LambdaEnvironment::isSettling)) return Optional.empty();
            wait(left);
        }
    }

    /// Empty when there are as many as there may be.
    private synchronized Optional<LambdaEnvironment> start() throws IOException {
        if (closed || environments.size() >= settings.environments()) return Optional.empty();
        started++;
        var environment = LambdaEnvironment.start(String.valueOf(started), settings, this::freed);
        environments.add(environment);
        environment.onExit().thenRun(() -> gone(environment));
        return Optional.of(environment);
    }

    private synchronized void freed(LambdaEnvironment.Poll poll) {
        free.addFirst(poll);
        notifyAll();
    }

    private synchronized void gone(LambdaEnvironment environment) {
        environments.remove(environment);
        free.removeIf(poll -> poll.environment() == environment);
        notifyAll();
    }

    private void stopUnused() {
        try {
            while (true) {
                Thread.sleep(500);
                unused().forEach(LambdaEnvironment::close);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /// Those are no longer given anything.
    private synchronized List<LambdaEnvironment> unused() {
        var unused = environments.stream().filter(each -> each.isUnusedFor(settings.idle())).toList();
        free.removeIf(poll -> unused.contains(poll.environment()));
        return unused;
    }

    /// Whatever is under way dies.
    @Override
    public synchronized void close() {
        closed = true;
        environments.forEach(LambdaEnvironment::close);
    }
}
