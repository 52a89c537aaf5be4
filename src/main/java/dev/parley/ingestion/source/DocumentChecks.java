package dev.parley.ingestion.source;

import dev.parley.job.Lease;
import dev.parley.knowledge.IngestionQueue;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
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
            SourceHosts hosts,
            SourceLocks locks,
            SourceRuns runs,
            DocumentLook look,
            DocumentSync sync,
            IngestionQueue queue,
            SourcesConfig config,
            Clock clock) {
        this.documents = documents;
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
        Optional<SourceDocument> next = hosts.next(source);
        if (next.isEmpty()) {
            return hosts.untilAny(source);
        }
        Optional<Duration> wait = untilRoom(source).or(() -> untilDue(next.get()));
        return wait.isPresent() ? wait : check(source, next.get(), lease);
    }

    /// A queue that takes no more is no failure of the document: the run waits for it.
    private Optional<Duration> untilRoom(Source source) {
        try {
            queue.checkRoom(source.id().tenant());
            return Optional.empty();
        } catch (Problem full) {
            return full.retryAfter();
        }
    }

    /// Where all that were not postponed are done.
    private Optional<Duration> untilDue(SourceDocument document) {
        Instant last = document.checkedAt();
        if (document.postponed() == 0 || last == null) {
            return Optional.empty();
        }
        Instant due = last.plus(tries.pause(document.postponed()));
        return Optional.of(Duration.between(clock.instant(), due)).filter(Duration::isPositive);
    }

    private Optional<Duration> check(Source source, SourceDocument document, Lease lease) {
        Optional<String> host = host(source, document);
        try {
            Finding finding = look.at(source, document, lease.deadline());
            if (finding instanceof Finding.Failed(String reason, boolean isPassing) && isPassing) {
                postpone(source, document, reason, lease);
            } else {
                sync.apply(source, document, finding, lease);
            }
            if (!(finding instanceof Finding.Unasked)) {
                host.ifPresent(answered -> hosts.answered(source, answered));
            }
        } catch (HostBusy busy) {
            if (host.filter(busy.host()::equals).isPresent()) {
                leaveAlone(source, document, busy, lease);
            } else {
                // Another one, to which this page redirects. Its own has answered, and has other pages.
                postpone(source, document, busy.reason(), lease);
                host.ifPresent(answered -> hosts.answered(source, answered));
            }
        }
        return AT_ONCE;
    }

    private void postpone(Source source, SourceDocument document, String reason, Lease lease) {
        lease.runInTransaction(connection -> documents.postpone(connection, source, document));
        failIfOver(source, document, reason, lease);
    }

    private void failIfOver(Source source, SourceDocument document, String reason, Lease lease) {
        if (Tries.areOver(document.postponed() + 1)) {
            sync.apply(source, document, new Finding.Failed(reason), lease);
        }
    }

    private void leaveAlone(Source source, SourceDocument document, HostBusy busy, Lease lease) {
        Duration wait = busy.pause().orElse(tries.pause(document.postponed() + 1));
        var pause = new SourceHosts.Pause(busy.host(), wait, busy.isRefusal());
        boolean isOver = lease.inTransaction(connection -> {
            if (!locks.run(connection, source)) {
                return true;
            }
            int refusals = hosts.leaveAlone(connection, source, pause);
            if (busy.isRefusal()) {
                documents.postpone(connection, source, document);
            }
            boolean isEnough = busy.isRefusal() && Tries.areOver(refusals);
            if (isEnough) {
                giveUp(connection, source, busy, refusals);
            }
            return isEnough;
        });
        if (!isOver && busy.isRefusal()) {
            failIfOver(source, document, busy.reason(), lease);
        }
    }

    /// A host that refuses again and again is left alone for the rest of the run, which fails all that is left of it:
    /// waiting an hour for each would take the run's whole time.
    private void giveUp(Connection connection, Source source, HostBusy busy, int refusals) throws SQLException {
        String why = "'%s' gave no answer %d times in a row and is left alone until the next run. %s"
                .formatted(busy.host(), refusals, busy.reason());
        runs.count(source, Tally.FAILED, hosts.giveUp(connection, source, busy.host(), why));
    }

    /// Empty for an object: nobody tells its service's hosts apart.
    private static Optional<String> host(Source source, SourceDocument document) {
        return source.origin() instanceof Origin.S3
                ? Optional.empty()
                : WebUrl.parse(document.key()).map(WebUrl::authority);
    }
}
