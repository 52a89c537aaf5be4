package dev.parley.tool;

import dev.parley.model.Spend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Calls that run side by side, as many as there are places. Each is a thread that waits for the tool's own thread, so
/// that what became of it is written down whatever happens to the turn: when that has to end, the tools are stopped,
/// never the writing.
final class CallRound {

    private static final Duration PAUSE = Duration.ofMillis(200);

    private final ToolCalls.Turn turn;
    private final ToolCalls.Desk desk;
    private final Semaphore places;
    private final Queue<Future<?>> running = new ConcurrentLinkedQueue<>();
    private final LinkedBlockingQueue<Landed> landed = new LinkedBlockingQueue<>();
    private final Spend spend;
    private volatile boolean stopped;

    CallRound(ToolCalls.Turn turn, ToolCalls.Desk desk) {
        this.turn = turn;
        this.desk = desk;
        this.places = new Semaphore(desk.config().parallel());
        this.spend = new ToolSpend(turn.spend());
    }

    record Planned(Tool tool, ToolCall call) {}

    /// What came of a call: its result, or why there is none.
    private record Landed(
            @Nullable ToolResult result, @Nullable RuntimeException failure) {}

    /// Returns when all calls are over.
    List<ToolResult> run(List<Planned> calls, Consumer<ToolResult> heard) {
        calls.forEach(each -> desk.threads().execute(() -> land(each)));
        var results = new ArrayList<ToolResult>();
        RuntimeException failure = null;
        for (int i = 0; i < calls.size(); i++) {
            Landed next = next();
            if (next.result != null) {
                results.add(next.result);
                heard.accept(next.result);
            } else {
                failure = next.failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return results;
    }

    /// Waits on behalf of the turn: when that has to end, the tools are told, and what they do of it is awaited.
    private Landed next() {
        return turn.spend().await(() -> {
            while (true) {
                try {
                    return landed.take();
                } catch (InterruptedException over) {
                    stop();
                }
            }
        });
    }

    private void stop() {
        stopped = true;
        running.forEach(tool -> tool.cancel(true));
    }

    private void land(Planned planned) {
        places.acquireUninterruptibly();
        try {
            landed.add(new Landed(made(planned), null));
        } catch (RuntimeException | Error failure) {
            landed.add(new Landed(
                    null, failure instanceof RuntimeException told ? told : new IllegalStateException(failure)));
        } finally {
            places.release();
        }
    }

    private ToolResult made(Planned planned) {
        boolean effects = planned.tool.info().traits().effects();
        ToolResult result = stopped
                ? ToolResult.unrun(planned.call, CallStatus.FAILED, effects, Said.stopped())
                : desk.runner().run(planned.tool, planned.call, client(), this::started);
        if (effects) {
            writeDown(result);
        }
        return result;
    }

    /// What has happened must not be forgotten because the database is away for a moment. After the time that a call
    /// counts as running it is in doubt anyway.
    private void writeDown(ToolResult result) {
        long end = System.nanoTime() + desk.config().grace().toNanos();
        while (true) {
            try {
                desk.ledger().end(turn.tenant(), result.call().id(), result.status(), result.output());
                return;
            } catch (RuntimeException failure) {
                if (System.nanoTime() > end) {
                    throw failure;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private CallRunner.Client client() {
        return new CallRunner.Client(turn.tenant(), turn.user(), spend);
    }

    private void started(Future<?> tool) {
        running.add(tool);
        if (stopped) {
            tool.cancel(true);
        }
    }
}
