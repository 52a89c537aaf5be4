package dev.parley.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.model.Spend;
import dev.parley.postgres.Json;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import io.quarkus.virtual.threads.VirtualThreads;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Runs one call of a tool within its time, and finds out what became of it.
@ApplicationScoped
class CallRunner {

    private static final Logger LOG = Logger.getLogger(CallRunner.class);

    private final ExecutorService threads;
    private final CallsConfig config;
    private final Json json;

    CallRunner(@VirtualThreads ExecutorService threads, CallsConfig config, Json json) {
        this.threads = threads;
        this.config = config;
        this.json = json;
    }

    /// For whom a call is run.
    record Client(TenantId tenant, @Nullable String user, Spend spend) {}

    /// The arguments, where they are an object.
    Optional<JsonNode> arguments(ToolCall call) {
        try {
            JsonNode tree = json.tree(call.arguments().isBlank() ? "{}" : call.arguments());
            return Optional.of(tree).filter(JsonNode::isObject);
        } catch (IllegalArgumentException notJson) {
            return Optional.empty();
        }
    }

    /// Never throws for what goes wrong in the tool. A call whose end is not known is looked after before anybody is
    /// told so.
    ///
    /// @param started gets what cancels the call
    ToolResult run(Tool tool, ToolCall call, Client client, Consumer<Future<?>> started) {
        Invocation invocation = invocation(tool, call, client);
        long start = System.nanoTime();
        Ended ended = within(tool.info().timeout(), () -> completed(tool.call(invocation)), started);
        if (ended.status == CallStatus.IN_DOUBT) {
            ended = tool.info().traits().effects()
                    ? checked(tool, invocation, ended.output)
                    : new Ended(CallStatus.FAILED, ended.output);
        }
        return new ToolResult(
                call,
                ended.status,
                tool.info().traits().effects(),
                ended.output,
                Duration.ofNanos(System.nanoTime() - start));
    }

    /// Asks the tool what became of a call whose end nobody heard of.
    ToolResult check(Tool tool, ToolCall call, Client client) {
        Ended ended = checked(tool, invocation(tool, call, client), "The process that made the call died.");
        return ToolResult.unrun(call, ended.status, true, ended.output);
    }

    private Invocation invocation(Tool tool, ToolCall call, Client client) {
        return new Invocation(
                client.tenant,
                client.user,
                arguments(call).orElseThrow(),
                call.id().value(),
                tool.info().timeout(),
                client.spend);
    }

    private record Ended(CallStatus status, String output) {}

    private Ended completed(String output) {
        return new Ended(CallStatus.COMPLETED, Said.bounded(output, config.maxResult()));
    }

    private Ended checked(Tool tool, Invocation invocation, String why) {
        var call = new CallId(invocation.effect());
        Ended ended = within(tool.info().timeout(), () -> verdict(tool.check(invocation), why, call), _ -> {});
        return ended.status == CallStatus.IN_DOUBT ? doubt(call, why) : ended;
    }

    private Ended verdict(EffectCheck check, String why, CallId call) {
        return switch (check.verdict()) {
            case HAPPENED -> completed(check.result() == null ? Said.happened() : check.result());
            case NOT_HAPPENED -> new Ended(CallStatus.FAILED, why + " " + Said.notHappened());
            case UNKNOWN -> doubt(call, why);
        };
    }

    private static Ended doubt(CallId call, String why) {
        return new Ended(CallStatus.IN_DOUBT, Said.inDoubt(call, why));
    }

    private Ended within(Duration time, Supplier<Ended> work, Consumer<Future<?>> started) {
        Future<Ended> running = threads.submit(work::get);
        started.accept(running);
        try {
            return running.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            running.cancel(true);
            return new Ended(CallStatus.IN_DOUBT, Said.timedOut(time.toMillis()));
        } catch (CancellationException cancelled) {
            return new Ended(CallStatus.IN_DOUBT, Said.stopped());
        } catch (InterruptedException stopped) {
            running.cancel(true);
            Thread.currentThread().interrupt();
            return new Ended(CallStatus.IN_DOUBT, Said.stopped());
        } catch (ExecutionException failure) {
            return failed(failure.getCause());
        }
    }

    private Ended failed(@Nullable Throwable cause) {
        if (cause instanceof ToolFailure failure) {
            String message = Said.bounded(String.valueOf(failure.getMessage()), config.maxResult());
            return new Ended(failure.mayHaveHappened() ? CallStatus.IN_DOUBT : CallStatus.FAILED, message);
        }
        if (cause instanceof Problem problem) { // a search of a store that does not exist, a budget that is spent
            return new Ended(CallStatus.IN_DOUBT, problem.getMessage());
        }
        LOG.error("A tool failed unexpectedly", cause);
        return new Ended(CallStatus.IN_DOUBT, Said.broken());
    }
}
