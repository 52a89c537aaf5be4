package dev.parley.ingestion;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.invocation.Deadline;
import dev.parley.job.EventHandler;
import jakarta.enterprise.context.ApplicationScoped;

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

    /// Objects under no bound prefix are none of ours.
    @Override
    public void handle(JsonNode body, Deadline deadline) {
        for (S3Event event : S3Event.of(body)) {
            bindings.of(event.object()).forEach(binding -> sync.sync(binding, event));
        }
    }
}
