package dev.parley.ingestion.source;

import dev.parley.ingestion.source.SourceDocument.Seen;
import dev.parley.ingestion.source.SourceDocuments.Checked;
import dev.parley.knowledge.AttachmentId;
import dev.parley.knowledge.FileId;
import dev.parley.knowledge.Filings;
import dev.parley.knowledge.SourceFiles;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/// What may become of a document. The store, the source and the document are locked.
@ApplicationScoped
class DocumentChanges {

    /// How often in a row a document is not there before it is taken for gone: servers answer 404 by mistake, too.
    private static final int GONE = 2;

    private final SourceDocuments documents;
    private final SourceFiles files;
    private final Filings filings;

    DocumentChanges(SourceDocuments documents, SourceFiles files, Filings filings) {
        this.documents = documents;
        this.files = files;
        this.filings = filings;
    }

    interface Change {
        void make(Connection connection, Visit visit, SourceDocument now) throws SQLException;
    }

    /// Its file stays, and is put into the store again where it is not, or where another try may end better.
    ///
    /// @param seen what its content is known by from now on, where that is new
    Change keep(Optional<Seen> seen) {
        return (connection, visit, now) -> {
            FileId newest = now.newest();
            if (newest != null && (now.ingestion() == null || now.ingestion().isWorthATry())) {
                attach(visit.source(), now, newest);
            }
            documents.save(connection, visit, now, Checked.well(now, seen.orElse(now.seen())));
            visit.count(Tally.UNCHANGED);
        };
    }

    /// The file that arrived is its first, or takes the place of the one that searches find.
    Change replace(Seen seen, FileId arrived) {
        return (connection, visit, now) -> {
            attach(visit.source(), now, arrived);
            if (now.next() != null) {
                files.remove(visit.source().id().tenant(), now.next());
            }
            FileId found = now.file();
            documents.save(
                    connection,
                    visit,
                    now,
                    found == null
                            ? new Checked(seen, arrived, null, 0, null)
                            : new Checked(seen, found, arrived, 0, null));
            visit.count(now.newest() == null ? Tally.ADDED : Tally.CHANGED);
        };
    }

    Change miss(String reason) {
        return (connection, visit, now) -> {
            int missed = now.missed() + 1;
            boolean goes = missed >= GONE && now.newest() != null;
            if (goes) {
                removeFiles(visit.source(), now);
            }
            documents.save(
                    connection,
                    visit,
                    now,
                    goes
                            ? new Checked(Seen.NOTHING, null, null, missed, reason)
                            : new Checked(now.seen(), now.file(), now.next(), missed, reason));
            visit.count(goes ? Tally.REMOVED : Tally.FAILED);
        };
    }

    Change empty(String reason) {
        return (connection, visit, now) -> {
            removeFiles(visit.source(), now);
            documents.save(connection, visit, now, new Checked(Seen.NOTHING, null, null, 0, reason));
            visit.count(Tally.FAILED);
        };
    }

    Change fail(String reason) {
        return (connection, visit, now) -> {
            documents.save(connection, visit, now, new Checked(now.seen(), now.file(), now.next(), 0, reason));
            visit.count(Tally.FAILED);
        };
    }

    Change forget() {
        return (connection, visit, now) -> {
            if (forget(connection, visit.source(), now)) {
                visit.count(Tally.REMOVED);
            }
        };
    }

    /// Takes documents away, with what was ingested of them. How many had anything.
    int forget(Connection connection, Source source, Iterable<SourceDocument> gone) throws SQLException {
        int removed = 0;
        for (SourceDocument each : gone) {
            SourceDocument now = documents.lock(connection, source, each).orElse(each);
            removed += forget(connection, source, now) ? 1 : 0;
        }
        return removed;
    }

    private boolean forget(Connection connection, Source source, SourceDocument now) throws SQLException {
        removeFiles(source, now);
        documents.forget(connection, source, now);
        return now.newest() != null;
    }

    private void removeFiles(Source source, SourceDocument document) {
        document.files().forEach(file -> files.remove(source.id().tenant(), file));
    }

    private void attach(Source source, SourceDocument document, FileId file) {
        filings.attach(
                new AttachmentId(source.id().tenant(), source.store(), file),
                source.settings().filing(),
                source.place(document.key()));
    }
}
