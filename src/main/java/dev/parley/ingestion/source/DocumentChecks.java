package dev.parley.ingestion.source;

import dev.parley.job.Lease;
import dev.parley.knowledge.IngestionQueue;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Looks at the documents of a run, one after the other. One that cannot be had for now lets the others go first, and a
/// host that does not answer holds up no document of another.
@ApplicationScoped
class DocumentChecks {

    private static final Optional<Duration> AT_ONCE = Optional.of(Duration.ZERO);

    private final SourceDocuments documents;
    private final RunDocuments ofRun;
    private final SourceHosts hosts;
    private final SourceLocks locks;
    private final SourceRuns runs;
    private final DocumentLook look;
    private final DocumentSync sync;
    private final IngestionQueue queue;
    private final Tries tries;
    private final Clock clock;

    DocumentChecks(
            SourceDocuments documents,
            RunDocuments ofRun,
            SourceHosts hosts,
            SourceLocks locks,
            SourceRuns runs,
            DocumentLook look,
            DocumentSync sync,
            IngestionQueue queue,
            SourcesConfig config,
            Clock clock) {
        this.documents = documents;
        this.ofRun = ofRun;
        this.hosts = hosts;
        this.locks = locks;
        this.runs = runs;
        this.look = look;
        this.sync = sync;
        this.queue = queue;
        this.tries = new Tries(config.retry());
        this.clock = clock;
    }

    /// When to take the next step; empty when there is nothing left to look at.
    Optional<Duration> next(Source source, Lease lease) {
        Optional<SourceDocument> next = ofRun.unchecked(source);
        if (next.isEmpty()) {
            return hosts.pause(source);
        }
        Optional<Duration> pause = pauseWhileFull(source).or(() -> pause(next.get()));
        return pause.isPresent() ? pause : check(source, next.get(), lease);
    }

    /// A queue that takes no more is no failure of the document: the run waits for it.
    private Optional<Duration> pauseWhileFull(Source source) {
        try {
            queue.checkRoom(source.id().tenant());
            return Optional.empty();
        } catch (Problem full) {
            return full.retryAfter();
        }
    }

    /// What is left of it, where all that were not postponed are done.
    private Optional<Duration> pause(SourceDocument document) {
        Instant last = document.checkedAt();
        if (document.postponed() == 0 || last == null) {
            return Optional.empty();
        }
        Duration left = Duration.between(clock.instant(), last.plus(tries.pause(document.postponed())));
        return Optional.of(left).filter(Duration::isPositive);
    }

    private Optional<Duration> check(Source source, SourceDocument document, Lease lease) {
        try {
            Finding finding = look.at(source, document, lease.deadline());
            hosts.answered(source, host(document));
            sync.apply(source, document, finding, lease);
        } catch (Unfetched passing) {
            hosts.answered(source, host(document));
            lease.runInTransaction(connection -> documents.postpone(connection, source, document));
            failIfOver(source, document, passing.getMessage(), lease);
        } catch (HostBusy busy) {
            if (!leaveAlone(source, document, busy, lease) && busy.isRefusal()) {
                failIfOver(source, document, busy.reason(), lease);
            }
        }
        return AT_ONCE;
    }

    private void failIfOver(Source source, SourceDocument document, String reason, Lease lease) {
        if (Tries.areOver(document.postponed() + 1)) {
            sync.apply(source, document, new Finding.Failed(reason), lease);
        }
    }

    /// Leaves its host alone for a while or, if it refuses again and again, for the rest of the run, which then fails
    /// all that is left of it: waiting an hour for each would take the run's whole time.
    ///
    /// @return whether it is left alone for the rest of the run
    private boolean leaveAlone(Source source, SourceDocument document, HostBusy busy, Lease lease) {
        String host = host(document);
        Duration pause = busy.pause().orElse(tries.pause(document.postponed() + 1));
        return lease.inTransaction(connection -> {
            if (!locks.run(connection, source)) {
                return true;
            }
            int refusals = hosts.pause(connection, source, new SourceHosts.Pause(host, pause, busy.isRefusal()));
            if (!busy.isRefusal()) {
                return false;
            }
            if (!Tries.areOver(refusals)) {
                documents.postpone(connection, source, document);
                return false;
            }
            String why = "'%s' gave no answer %d times in a row and is left alone until the next run. %s"
                    .formatted(host, refusals, busy.reason());
            runs.count(source, Tally.FAILED, ofRun.fail(connection, source, host, why));
            return true;
        });
    }

    private static String host(SourceDocument document) {
        return WebUrl.parse(document.key()).map(WebUrl::authority).orElse(document.key());
    }
}
