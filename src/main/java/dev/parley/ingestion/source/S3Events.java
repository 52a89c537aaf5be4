package dev.parley.ingestion.source;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.invocation.Deadline;
import dev.parley.job.EventHandler;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/// What S3 says of its buckets' objects, as it comes through a queue: `ObjectCreated:*`, `ObjectRemoved:*` and the test
/// that it sends when notifications are set up.
@ApplicationScoped
public class S3Events implements EventHandler {

    private final Bindings bindings;
    private final BoundObjectSync sync;

    S3Events(Bindings bindings, BoundObjectSync sync) {
        this.bindings = bindings;
        this.sync = sync;
    }

    @Override
    public boolean handles(JsonNode body) {
        return S3Event.isNotification(body);
    }

    /// Objects under no bound prefix are none of ours. A binding that fails keeps no other from its object: the event
    /// comes again for it, and finds the others done.
    @Override
    public void handle(JsonNode body, Deadline deadline) {
        @Nullable RuntimeException first = null;
        for (S3Event event : S3Event.of(body)) {
            for (Binding binding : bindings.of(event.object())) {
                try {
                    sync.sync(binding, event);
                } catch (RuntimeException failure) {
                    first = first == null ? failure : first;
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
