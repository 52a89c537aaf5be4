package dev.parley.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.function.Event.MigrateEvent;
import dev.parley.function.Event.UnknownEvent;
import dev.parley.invocation.BeforeFreeze;
import dev.parley.invocation.Deadline;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/// Serves an invocation from its event to its end: the answer is out, everything that it began has ended, and nothing
/// waits in this process that somebody else needs.
@ApplicationScoped
class Invocations {

    private static final Logger LOG = Logger.getLogger(Invocations.class);

    /// How long everything together may take that is to leave the process before it is frozen.
    private static final Duration FLUSH = Duration.ofSeconds(2);

    /// What is kept for that when something does not end in time.
    private static final Duration LAST_MOMENT = Duration.ofMillis(750);

    private final HttpInvocations requests;
    private final SqsInvocations messages;
    private final SchemaMigration migration;
    private final List<BeforeFreeze> leaving;
    private final ObjectMapper json;
    private final Clock clock;
    private final FunctionName name;

    Invocations(
            HttpInvocations requests,
            SqsInvocations messages,
            SchemaMigration migration,
            @All List<BeforeFreeze> leaving,
            ObjectMapper json,
            Clock clock,
            FunctionConfig config) {
        this.requests = requests;
        this.messages = messages;
        this.migration = migration;
        this.leaving = leaving;
        this.json = json;
        this.clock = clock;
        this.name = config.name();
    }

    /// Being called is enough: everything that serves invocations exists then.
    void prepare() {
        LOG.debugf("Serving invocations as %s", name);
    }

    /// A failure of one invocation is that invocation's alone.
    void serve(Invocation invocation, RuntimeApi api) throws InterruptedException {
        Deadline deadline = Deadline.in(Duration.between(clock.instant(), invocation.end()));
        try {
            answer(invocation, deadline, api);
        } catch (IOException untold) {
            LOG.warnf(untold, "Lambda could not be told the outcome of invocation %s", invocation.id());
        }
        end(invocation, deadline);
    }

    private void answer(Invocation invocation, Deadline deadline, RuntimeApi api)
            throws IOException, InterruptedException {
        try {
            switch (read(invocation)) {
                case ApiGatewayEvent request -> requests.serve(invocation, request, deadline, api);
                case SqsEvent batch -> api.respond(invocation, json.writeValueAsBytes(messages.serve(batch, deadline)));
                case MigrateEvent _ -> api.respond(invocation, json.writeValueAsBytes(migration.run()));
                case UnknownEvent _ -> api.fail(invocation, FunctionFailure.unreadableEvent());
            }
        } catch (RuntimeException | Error failure) {
            LOG.errorf(failure, "Invocation %s failed", invocation.id());
            api.fail(invocation, FunctionFailure.failed(failure));
        }
    }

    private Event read(Invocation invocation) {
        if (name == FunctionName.MIGRATE) {
            return new MigrateEvent();
        }
        try {
            JsonNode event = json.readTree(invocation.event());
            if (event.has("httpMethod")) {
                return json.treeToValue(event, ApiGatewayEvent.class);
            }
            if (name.takesMessages() && isOfQueue(event)) {
                return json.treeToValue(event, SqsEvent.class);
            }
        } catch (IOException noEvent) {
            LOG.debugf("Invocation %s has no event of ours: %s", invocation.id(), noEvent.getMessage());
        }
        return new UnknownEvent();
    }

    private static boolean isOfQueue(JsonNode event) {
        return event.path("Records").path(0).path("eventSource").asText().equals("aws:sqs");
    }

    /// Before the next one is asked for: in between, this process may be frozen for good.
    private void end(Invocation invocation, Deadline deadline) throws InterruptedException {
        Duration left = deadline.leftInAll();
        if (!deadline.awaitEnd(longer(left.minus(LAST_MOMENT), left.dividedBy(2)))) {
            LOG.errorf("Invocation %s leaves something unfinished: its time is up", invocation.id());
        }
        left = deadline.leftInAll();
        var flushing = Deadline.in(left.compareTo(FLUSH) < 0 ? left : FLUSH);
        for (BeforeFreeze each : leaving) {
            try {
                each.flush(flushing.leftInAll());
            } catch (RuntimeException | Error failure) {
                LOG.warnf(failure, "%s could not be flushed", each.getClass().getSimpleName());
            }
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }
}
