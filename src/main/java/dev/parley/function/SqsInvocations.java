package dev.parley.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.function.SqsEvent.Failure;
import dev.parley.function.SqsEvent.Failures;
import dev.parley.function.SqsEvent.Message;
import dev.parley.invocation.Deadline;
import dev.parley.job.EventHandler;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jboss.logging.Logger;

/// Gives each message of a batch to its handler, all at once; the ones that fail come again, and nothing else does.
@ApplicationScoped
class SqsInvocations {

    private static final Logger LOG = Logger.getLogger(SqsInvocations.class);

    private final List<EventHandler> handlers;
    private final ObjectMapper json;

    SqsInvocations(@All List<EventHandler> handlers, ObjectMapper json) {
        this.handlers = handlers;
        this.json = json;
    }

    /// A batch is small: ten messages, or what Terraform sets.
    Failures serve(SqsEvent event, Deadline deadline) throws InterruptedException {
        Queue<Failure> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = event.messages().stream()
                .map(message -> Thread.ofVirtual()
                        .name("message-" + message.messageId())
                        .start(() -> {
                            if (!isDone(message, deadline)) {
                                failures.add(new Failure(message.messageId()));
                            }
                        }))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        return new Failures(List.copyOf(failures));
    }

    private boolean isDone(Message message, Deadline deadline) {
        try {
            JsonNode body = json.readTree(message.body());
            handler(body).handle(body, deadline);
            return true;
        } catch (IOException | IllegalArgumentException unreadable) {
            LOG.errorf("Message %s is none that Parley knows: %s", message.messageId(), unreadable.getMessage());
        } catch (Exception | Error failure) {
            LOG.warnf(failure, "Message %s comes again", message.messageId());
        }
        return false;
    }

    private EventHandler handler(JsonNode body) {
        return handlers.stream()
                .filter(handler -> handler.handles(body))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no handler takes it"));
    }
}
