package dev.parley.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.function.SqsEvent.Failure;
import dev.parley.function.SqsEvent.Failures;
import dev.parley.function.SqsEvent.Message;
import dev.parley.invocation.Deadline;
import dev.parley.job.EventHandler;
import dev.parley.job.Redeliveries;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/// Gives each message of a batch to its handler, all at once; the ones that fail, or are not done in time, come again,
/// and nothing else does. Those that fail come again soon.
@ApplicationScoped
class SqsInvocations {

    private static final Logger LOG = Logger.getLogger(SqsInvocations.class);

    /// What it takes to tell which messages were done.
    private static final Duration LAST_WORD = Duration.ofSeconds(1);

    private final List<EventHandler> handlers;
    private final Redeliveries redeliveries;
    private final ObjectMapper json;

    SqsInvocations(@All List<EventHandler> handlers, Redeliveries redeliveries, ObjectMapper json) {
        this.handlers = handlers;
        this.redeliveries = redeliveries;
        this.json = json;
    }

    /// A batch is small: ten messages, or what Terraform sets.
    Failures serve(SqsEvent event, Deadline deadline) throws InterruptedException {
        Set<String> done = ConcurrentHashMap.newKeySet();
        Map<String, Thread> threads = new LinkedHashMap<>();
        for (Message message : event.messages()) {
            threads.put(
                    message.messageId(),
                    Thread.ofVirtual()
                            .name("message-" + message.messageId())
                            .start(() -> handle(message, deadline, done)));
        }
        for (Thread thread : threads.values()) {
            await(thread, deadline);
        }
        List<Message> failed = event.messages().stream()
                .filter(message -> !done.contains(message.messageId()))
                .toList();
        if (!failed.isEmpty()) {
            await(Thread.ofVirtual().name("redeliveries").start(() -> redeliver(failed)), deadline);
        }
        return new Failures(
                failed.stream().map(message -> new Failure(message.messageId())).toList());
    }

    /// Until it ends, or there is just time left to tell.
    private static void await(Thread work, Deadline deadline) throws InterruptedException {
        Duration left = deadline.leftInAll().minus(LAST_WORD);
        if (left.isNegative() || !work.join(left)) {
            work.interrupt();
        }
    }

    private void redeliver(List<Message> messages) {
        redeliveries.schedule(
                messages.stream().flatMap(message -> message.failed().stream()).toList());
    }

    private void handle(Message message, Deadline deadline, Set<String> done) {
        Optional<JsonNode> body = read(message);
        Optional<EventHandler> handler = body.flatMap(this::handler);
        if (handler.isEmpty()) {
            LOG.errorf("Message %s is none that Parley knows", message.messageId());
            return;
        }
        try {
            handler.get().handle(body.get(), deadline);
            done.add(message.messageId());
        } catch (Exception | Error failure) {
            LOG.warnf(failure, "Message %s comes again", message.messageId());
        }
    }

    private Optional<JsonNode> read(Message message) {
        try {
            return Optional.of(json.readTree(message.body()));
        } catch (IOException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private Optional<EventHandler> handler(JsonNode body) {
        return handlers.stream().filter(handler -> handler.handles(body)).findFirst();
    }
}
