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

    private final HeardObjects heard;
    private final ObjectSync sync;

    S3Events(HeardObjects heard, ObjectSync sync) {
        this.heard = heard;
        this.sync = sync;
    }

    @Override
    public boolean handles(JsonNode body) {
        return S3Event.isNotification(body);
    }

    /// Objects under no source's prefix are none of ours. A source that fails keeps no other from its object: the event
    /// comes again for it, and finds the others done.
    @Override
    public void handle(JsonNode body, Deadline deadline) {
        @Nullable RuntimeException first = null;
        for (S3Event event : S3Event.of(body)) {
            for (Source source : heard.sources(event.object())) {
                try {
                    sync.sync(source, event, deadline);
                } catch (RuntimeException failure) {
                    if (first == null) {
                        first = failure;
                    } else {
                        first.addSuppressed(failure);
                    }
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
