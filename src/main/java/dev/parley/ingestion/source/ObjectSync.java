package dev.parley.ingestion.source;

import dev.parley.invocation.Deadline;
import dev.parley.knowledge.IngestionQueue;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/// Makes a source have of an object what its bucket has of it now. An event only says where to look, so it may be late,
/// repeated or overtaken: what was found later than by whoever wrote last is written, anything else looked at again.
@ApplicationScoped
class ObjectSync {

    /// Others that look at the same object at the same time are that many at most, or the event comes again.
    private static final int TRIES = 5;

    private final HeardObjects heard;
    private final DocumentLook look;
    private final DocumentSync sync;
    private final Visits visits;
    private final IngestionQueue queue;

    ObjectSync(HeardObjects heard, DocumentLook look, DocumentSync sync, Visits visits, IngestionQueue queue) {
        this.heard = heard;
        this.look = look;
        this.sync = sync;
        this.visits = visits;
        this.queue = queue;
    }

    /// @throws IllegalStateException when it cannot be done now
    /// @throws dev.parley.problem.Problem (429) when so much waits to be ingested that nothing more is taken in
    void sync(Source source, S3Event event, Deadline deadline) {
        String key = event.object().key();
        Visit visit = visits.ofEvent(source, key);
        for (int i = 0; i < TRIES; i++) {
            if (deadline.left().isZero()) {
                throw new IllegalStateException("No time is left for an object of %s".formatted(source.id()));
            }
            Optional<SourceDocument> document = heard.expect(source, key);
            if (document.isEmpty()) {
                return;
            }
            if (!event.isRemoval()) {
                queue.checkRoom(source.id().tenant());
            }
            if (isSettled(visit, document.get(), deadline)) {
                return;
            }
        }
        throw new IllegalStateException("An object of %s changes faster than it is read".formatted(source.id()));
    }

    private boolean isSettled(Visit visit, SourceDocument document, Deadline deadline) {
        Finding finding = look.at(visit.source(), document, deadline);
        if (finding instanceof Finding.Failed(String reason, boolean isPassing) && isPassing) {
            throw new IllegalStateException(reason);
        }
        return sync.apply(visit, document, finding) != DocumentSync.Outcome.OVERTAKEN;
    }
}
