package dev.parley.ingestion.source;

import dev.parley.ingestion.Upload;
import dev.parley.ingestion.source.SourceDocument.Seen;
import dev.parley.ingestion.source.SourceDocuments.Checked;
import dev.parley.job.Lease;
import dev.parley.knowledge.AttachmentId;
import dev.parley.knowledge.FileExchange;
import dev.parley.knowledge.FileId;
import dev.parley.knowledge.Filings;
import dev.parley.knowledge.SourceFiles;
import dev.parley.knowledge.SourceFiles.Arrived;
import dev.parley.postgres.Ids;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Makes a vector store have of a document what a look at it found, in one transaction each.
///
/// New content is a new file. Searches find the old one until the new one is indexed, and from that commit on the new
/// one only: never both, never neither.
@ApplicationScoped
class DocumentSync {

    private static final String PURPOSE = "assistants";

    /// How often in a row a document is not there before it is taken for gone: servers answer 404 by mistake, too.
    private static final int GONE = 2;

    private final SourceDocuments documents;
    private final SourceRuns runs;
    private final SourceFiles files;
    private final Filings filings;

    DocumentSync(SourceDocuments documents, SourceRuns runs, SourceFiles files, Filings filings) {
        this.documents = documents;
        this.runs = runs;
        this.files = files;
        this.filings = filings;
    }

    void apply(Source source, SourceDocument document, Finding finding, Lease lease) {
        switch (finding) {
            case Finding.Unchanged _ -> unchanged(source, document, document.seen(), lease);
            case Finding.Content content -> content(source, document, content, lease);
            case Finding.Missing(String reason) -> missing(source, document, reason, lease);
            case Finding.Failed(String reason) -> failed(source, document, reason, lease);
        }
    }

    private void unchanged(Source source, SourceDocument document, Seen seen, Lease lease) {
        change(source, document, lease, (connection, now) -> {
            FileId newest = now.newest();
            if (newest != null && (now.ingestion() == null || now.ingestion().isWorthATry())) {
                attach(source, now, newest);
            }
            documents.save(connection, source, now, Checked.well(now, seen));
            return Tally.UNCHANGED;
        });
    }

    private void content(Source source, SourceDocument document, Finding.Content content, Lease lease) {
        try (Upload upload = content.upload()) {
            var seen = new Seen(content.etag(), content.lastModified(), content.sha256());
            if (document.newest() != null && Arrays.equals(document.seen().sha256(), content.sha256())) {
                unchanged(source, document, seen, lease);
            } else {
                take(source, document, seen, upload, lease);
            }
        } catch (IOException undeleted) {
            throw new UncheckedIOException(undeleted);
        }
    }

    private void take(Source source, SourceDocument document, Seen seen, Upload upload, Lease lease) {
        Arrived arrived = files.take(
                source.id().tenant(),
                new FileExchange.Made(
                        new FileId(Ids.next()), upload.filename(), PURPOSE, upload.contentType(), upload.path(), null));
        lease.runInTransaction(connection -> {
            // Before anything is locked: it takes the longest.
            files.keep(source.id().tenant(), arrived);
            @Nullable SourceDocument now = locked(connection, source, document);
            if (now == null) {
                files.remove(source.id().tenant(), arrived.id());
            } else {
                replace(connection, source, now, seen, arrived.id());
            }
        });
    }

    private void replace(Connection connection, Source source, SourceDocument now, Seen seen, FileId arrived)
            throws SQLException {
        attach(source, now, arrived);
        if (now.next() != null) {
            files.remove(source.id().tenant(), now.next());
        }
        boolean isFirst = now.file() == null;
        documents.save(
                connection,
                source,
                now,
                new Checked(seen, isFirst ? arrived : now.file(), isFirst ? null : arrived, 0, null));
        runs.count(source, now.newest() == null ? Tally.ADDED : Tally.CHANGED, 1);
    }

    private void missing(Source source, SourceDocument document, String reason, Lease lease) {
        change(source, document, lease, (connection, now) -> {
            int missed = now.missed() + 1;
            boolean goes = missed >= GONE && now.newest() != null;
            if (goes) {
                now.files().forEach(file -> files.remove(source.id().tenant(), file));
            }
            documents.save(
                    connection,
                    source,
                    now,
                    goes
                            ? new Checked(Seen.NOTHING, null, null, missed, reason)
                            : new Checked(now.seen(), now.file(), now.next(), missed, reason));
            return goes ? Tally.REMOVED : Tally.FAILED;
        });
    }

    private void failed(Source source, SourceDocument document, String reason, Lease lease) {
        change(source, document, lease, (connection, now) -> {
            documents.save(
                    connection, source, now, new Checked(now.seen(), now.file(), now.next(), now.missed(), reason));
            return Tally.FAILED;
        });
    }

    /// What becomes of a document that is locked.
    private interface Change {
        Tally make(Connection connection, SourceDocument now) throws SQLException;
    }

    private void change(Source source, SourceDocument document, Lease lease, Change change) {
        lease.runInTransaction(connection -> {
            @Nullable SourceDocument now = locked(connection, source, document);
            if (now != null) {
                runs.count(source, change.make(connection, now), 1);
            }
        });
    }

    /// Null when its run, the document or the store is not there any more.
    private @Nullable SourceDocument locked(Connection connection, Source source, SourceDocument document)
            throws SQLException {
        return lock(connection, source)
                ? documents.lock(connection, source, document).orElse(null)
                : null;
    }

    /// Whether the run is still under way; if so neither it nor the store changes until the transaction ends.
    boolean lock(Connection connection, Source source) throws SQLException {
        return lockStore(source) && documents.lockRun(connection, source);
    }

    boolean lockStore(Source source) {
        return files.lock(source.id().tenant(), source.store());
    }

    private void attach(Source source, SourceDocument document, FileId file) {
        filings.attach(
                new AttachmentId(source.id().tenant(), source.store(), file),
                source.settings().filing(),
                source.place(document.key()));
    }

    /// Takes documents away, with what was ingested of them. How many had anything.
    int forget(Connection connection, Source source, Iterable<SourceDocument> gone) throws SQLException {
        int removed = 0;
        for (SourceDocument each : gone) {
            SourceDocument now = documents.lock(connection, source, each).orElse(each);
            now.files().forEach(file -> files.remove(source.id().tenant(), file));
            documents.forget(connection, source, now);
            removed += now.newest() == null ? 0 : 1;
        }
        return removed;
    }
}
