package dev.parley.ingestion.source;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.parley.ingestion.source.SourceListing.Listed;
import dev.parley.ingestion.source.SourceRun.Phase;
import dev.parley.ingestion.source.SourceRun.Status;
import dev.parley.job.Lease;
import dev.parley.postgres.Json;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The steps of a run: list what there is, look at each document, take away what is not listed any more. Each says when
/// the next one is to be taken; empty when there is none.
@ApplicationScoped
class SourceSteps {

    private static final int BATCH = 20;
    private static final Optional<Duration> AT_ONCE = Optional.of(Duration.ZERO);
    private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};

    private final SourceListing listing;
    private final SourceDocuments documents;
    private final RunDocuments ofRun;
    private final SourceLocks locks;
    private final SourceRuns runs;
    private final SourceHosts hosts;
    private final DocumentChecks checks;
    private final DocumentChanges changes;
    private final Sources sources;
    private final Json json;
    private final Tries tries;

    SourceSteps(
            SourceListing listing,
            SourceDocuments documents,
            RunDocuments ofRun,
            SourceLocks locks,
            SourceRuns runs,
            SourceHosts hosts,
            DocumentChecks checks,
            DocumentChanges changes,
            Sources sources,
            Json json,
            SourcesConfig config) {
        this.listing = listing;
        this.documents = documents;
        this.ofRun = ofRun;
        this.locks = locks;
        this.runs = runs;
        this.hosts = hosts;
        this.checks = checks;
        this.changes = changes;
        this.sources = sources;
        this.json = json;
        this.tries = new Tries(config.retry());
    }

    Optional<Duration> next(Source source, Lease lease) {
        return switch (source.run().phase()) {
            case LIST -> list(source, lease);
            case CHECK -> check(source, lease);
            case REMOVE -> remove(source, lease);
        };
    }

    private Optional<Duration> list(Source source, Lease lease) {
        String stored = source.run().left();
        List<String> left = stored == null ? null : json.read(stored, TEXTS);
        int failed = source.run().failures() + 1;
        try {
            SourceListing.Page page = listing.page(source, left, lease.deadline());
            lease.runInTransaction(connection -> listed(connection, source, page));
            return AT_ONCE;
        } catch (HostBusy busy) {
            Duration pause = busy.pause().orElse(tries.pause(failed));
            return busy.isRefusal()
                    ? listingFailed(source, left, busy.reason(), Optional.of(pause), lease)
                    : Optional.of(pause);
        } catch (SourceListing.Failure failure) {
            Optional<Duration> pause = failure.isPassing() ? Optional.of(tries.pause(failed)) : Optional.empty();
            return listingFailed(source, left, failure.reason(), pause, lease);
        }
    }

    private void listed(Connection connection, Source source, SourceListing.Page page) throws SQLException {
        if (!locks.run(connection, source)) {
            return;
        }
        List<Listed> possible = possible(source, page.documents());
        List<Listed> fitting =
                possible.stream().limit(room(connection, source, possible)).toList();
        ofRun.list(connection, source, fitting);
        boolean isFull = fitting.size() < possible.size();
        if (isFull && isWindow(source)) {
            runs.noteFull(source);
        } else if (isFull) {
            runs.cut(source);
        }
        if (page.missing() != null) {
            runs.keepUnlisted(source, page.missing());
        }
        goOn(connection, source, isFull ? List.of() : page.left(), page.missing() != null);
    }

    private List<Listed> possible(Source source, List<Listed> listed) {
        List<Listed> possible =
                listed.stream().filter(one -> DocumentKey.isPossible(one.key())).toList();
        if (possible.size() < listed.size()) {
            runs.note(source, DocumentKey.IMPOSSIBLE);
        }
        return possible;
    }

    /// How many documents there may be of those that are not there yet, and of a page of the listing.
    private int room(Connection connection, Source source, List<Listed> page) throws SQLException {
        return Math.max(0, source.settings().maxDocuments() - ofRun.present(connection, source, page));
    }

    /// Whether the listing shows the newest documents only, of which the source keeps as many as fit: the oldest go.
    private static boolean isWindow(Source source) {
        return source.origin() instanceof Origin.Feed feed && feed.keepUnlisted();
    }

    private void goOn(Connection connection, Source source, List<String> left, boolean isPartialFromHere)
            throws SQLException {
        runs.listed(source, json.write(left));
        if (!left.isEmpty()) {
            return;
        }
        boolean isPartial = isPartialFromHere || source.run().keepsUnlisted();
        if (isPartial || isWindow(source)) {
            ofRun.keepUnlisted(connection, source, room(connection, source, List.of()));
        }
        if (isPartial && ofRun.unlisted(connection, source) > 0) {
            runs.cut(source);
        }
        if (source.origin() instanceof Origin.S3) {
            runs.count(source, Tally.UNCHANGED, ofRun.passUnchanged(connection, source));
        }
        hosts.forget(connection, source);
        runs.enter(source, Phase.CHECK);
    }

    /// A page that cannot be read is tried again if that may help, and then done without: what it would have shown
    /// stays as it is.
    ///
    /// @param pause before the next try; empty when that is of no use
    private Optional<Duration> listingFailed(
            Source source, @Nullable List<String> left, String reason, Optional<Duration> pause, Lease lease) {
        boolean again = pause.isPresent() && !Tries.areOver(source.run().failures() + 1);
        lease.runInTransaction(connection -> {
            if (!locks.run(connection, source)) {
                return;
            }
            if (again) {
                runs.listingFailed(source);
            } else {
                runs.leftOut(source, reason);
                goOn(connection, source, SourceListing.without(source, left), false);
            }
        });
        return again ? pause : AT_ONCE;
    }

    private Optional<Duration> check(Source source, Lease lease) {
        return checks.next(source, lease).or(() -> {
            lease.runInTransaction(_ -> checked(source));
            return AT_ONCE;
        });
    }

    private void checked(Source source) {
        if (source.run().whole()) {
            runs.enter(source, Phase.REMOVE);
        } else {
            runs.end(source, Status.FAILED);
        }
    }

    private Optional<Duration> remove(Source source, Lease lease) {
        lease.runInTransaction(connection -> {
            if (locks.store(source) && locks.run(connection, source)) {
                takeAway(connection, source);
            }
        });
        return AT_ONCE;
    }

    private void takeAway(Connection connection, Source source) throws SQLException {
        if (source.run().full()) {
            runs.end(source, Status.COMPLETED); // what was left out may be there all the same
        } else if (isEmptyByMistake(connection, source)) {
            runs.leftOut(
                    source,
                    "The listing is empty, though %d documents are known: none was removed."
                            .formatted(ofRun.unlisted(connection, source)));
            runs.end(source, Status.FAILED);
        } else {
            takeSomeAway(connection, source);
        }
    }

    /// Web servers answer with nothing now and then; a bucket that lists nothing has nothing.
    private boolean isEmptyByMistake(Connection connection, Source source) throws SQLException {
        return !(source.origin() instanceof Origin.S3)
                && ofRun.listed(connection, source) == 0
                && ofRun.unlisted(connection, source) > 0;
    }

    private void takeSomeAway(Connection connection, Source source) throws SQLException {
        List<SourceDocument> gone = ofRun.unlisted(source, BATCH);
        if (gone.isEmpty()) {
            runs.end(source, Status.COMPLETED);
        } else {
            runs.count(source, Tally.REMOVED, changes.forget(connection, source, gone));
        }
    }

    /// The files of a source that its owner deleted.
    Optional<Duration> delete(Source source, Lease lease) {
        List<SourceDocument> left = documents.any(source, BATCH);
        lease.runInTransaction(connection -> {
            if (left.isEmpty()) {
                sources.forget(source.id());
            } else if (locks.store(source)) {
                changes.forget(connection, source, left);
            }
        });
        return AT_ONCE;
    }
}
