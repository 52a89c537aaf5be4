package dev.parley.ingestion.source;

import dev.parley.ingestion.Upload;
import dev.parley.ingestion.source.DocumentChanges.Change;
import dev.parley.ingestion.source.SourceDocument.Seen;
import dev.parley.job.Lease;
import dev.parley.knowledge.FileExchange;
import dev.parley.knowledge.FileId;
import dev.parley.knowledge.SourceFiles;
import dev.parley.knowledge.SourceFiles.Arrived;
import dev.parley.postgres.Ids;
import dev.parley.postgres.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;

/// Makes a vector store have of a document what a look at it found, in one transaction each.
///
/// New content is a new file. Searches find the old one until the new one is indexed, and from that commit on the new
/// one only: never both, never neither. A finding is written only where none was since its look began, so whoever
/// looked last writes last.
///
/// Content is copied into Parley's own storage. A file then stays what it was when it was hashed, parsed and quoted,
/// whatever becomes of its place, and who answers from it needs no access there.
@ApplicationScoped
class DocumentSync {

    private static final String PURPOSE = "assistants";

    private final SourceDocuments documents;
    private final DocumentChanges changes;
    private final Visits visits;
    private final SourceFiles files;

    DocumentSync(SourceDocuments documents, DocumentChanges changes, Visits visits, SourceFiles files) {
        this.documents = documents;
        this.changes = changes;
        this.visits = visits;
        this.files = files;
    }

    /// What became of a finding.
    enum Outcome {
        WRITTEN,

        /// Nobody wants to know any more.
        UNWANTED,

        /// Somebody else has written what was found, perhaps later: look again.
        OVERTAKEN
    }

    /// A run that is overtaken comes to the document again: it has not checked it.
    Outcome apply(Source source, SourceDocument before, Finding finding, Lease lease) {
        return apply(visits.ofRun(source, lease), before, finding);
    }

    /// @param before as it was when the look began
    Outcome apply(Visit visit, SourceDocument before, Finding finding) {
        return switch (finding) {
            // Where the file is the same, others found the same, and this holds as well.
            case Finding.Unchanged _ ->
                write(visit, new Writing(before, before::hasSameFile, changes.keep(Optional.empty())));
            case Finding.Content content -> content(visit, before, content);
            case Finding.Missing(String reason) -> write(visit, Writing.of(before, changes.miss(reason)));
            case Finding.Gone _ -> write(visit, Writing.of(before, changes.forget()));
            case Finding.Unfit(String reason) -> write(visit, Writing.of(before, changes.empty(reason)));
            case Finding.Unasked(String reason) -> write(visit, Writing.of(before, changes.fail(reason)));
            case Finding.Failed(String reason, boolean _) -> write(visit, Writing.of(before, changes.fail(reason)));
        };
    }

    private Outcome content(Visit visit, SourceDocument before, Finding.Content content) {
        try (Upload upload = content.upload()) {
            var seen = new Seen(content.etag(), content.lastModified(), content.sha256());
            boolean isSame =
                    before.newest() != null && Arrays.equals(before.seen().sha256(), content.sha256());
            return isSame
                    ? write(visit, Writing.of(before, changes.keep(Optional.of(seen))))
                    : take(visit, before, seen, upload);
        } catch (IOException undeleted) {
            throw new UncheckedIOException(undeleted);
        }
    }

    private Outcome take(Visit visit, SourceDocument before, Seen seen, Upload upload) {
        TenantId tenant = visit.source().id().tenant();
        Arrived arrived = files.take(
                tenant,
                new FileExchange.Made(
                        new FileId(Ids.next()), upload.filename(), PURPOSE, upload.contentType(), upload.path(), null));
        return visit.inTransaction(connection -> {
            // Before anything is locked: it takes the longest.
            files.keep(tenant, arrived);
            Outcome outcome = write(connection, visit, Writing.of(before, changes.replace(seen, arrived.id())));
            if (outcome != Outcome.WRITTEN) {
                files.remove(tenant, arrived.id());
            }
            return outcome;
        });
    }

    /// @param holds whether what was found of the one document is so of the other
    private record Writing(SourceDocument before, Predicate<SourceDocument> holds, Change change) {

        static Writing of(SourceDocument before, Change change) {
            return new Writing(before, before::isStill, change);
        }
    }

    private Outcome write(Visit visit, Writing writing) {
        return visit.inTransaction(connection -> write(connection, visit, writing));
    }

    private Outcome write(Connection connection, Visit visit, Writing writing) throws SQLException {
        if (!visit.lock(connection)) {
            return Outcome.UNWANTED;
        }
        Optional<SourceDocument> now = documents.lock(connection, visit.source(), writing.before);
        if (now.filter(writing.holds).isEmpty()) {
            return Outcome.OVERTAKEN;
        }
        writing.change.make(connection, visit, now.get());
        return Outcome.WRITTEN;
    }
}
