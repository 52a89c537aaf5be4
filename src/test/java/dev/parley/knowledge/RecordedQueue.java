package dev.parley.knowledge;

import dev.parley.postgres.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Notes what is asked for and ingests nothing: the test takes the stages itself.
@Alternative
@ApplicationScoped
public class RecordedQueue implements IngestionQueue {

    private final Set<AttachmentId> requested = ConcurrentHashMap.newKeySet();

    @Override
    public void checkRoom(TenantId tenant) {}

    @Override
    public void request(AttachmentId attachment) {
        requested.add(attachment);
    }

    boolean wasAskedFor(AttachmentId attachment) {
        return requested.contains(attachment);
    }
}
