package dev.parley.ingestion.source;

import dev.parley.aws.ObjectName;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Objects that events tell of: whose sources they are of, and what is known of them there.
@ApplicationScoped
class HeardObjects {

    /// Whoever adds it holds the source's lock, so its run is this one.
    private static final String EXPECT = """
            INSERT INTO source_documents (tenant_id, source_id, id, key, listed_run, heard_run)
            SELECT s.tenant_id, s.id, ?, ?, 0, s.run FROM sources s WHERE s.tenant_id = ? AND s.id = ?
            ON CONFLICT (tenant_id, source_id, key) DO NOTHING""";

    private final Transactions transactions;
    private final Sources sources;
    private final SourceDocuments documents;
    private final SourceLocks locks;
    private final SourceRuns runs;
    private final BucketRules rules;

    HeardObjects(
            Transactions transactions,
            Sources sources,
            SourceDocuments documents,
            SourceLocks locks,
            SourceRuns runs,
            BucketRules rules) {
        this.transactions = transactions;
        this.sources = sources;
        this.documents = documents;
        this.locks = locks;
        this.runs = runs;
        this.rules = rules;
    }

    /// The sources of any tenant that are to have the object, as far as the operator still lets them.
    List<Source> sources(ObjectName object) {
        return transactions
                .withoutTenant(connection -> Sql.list(
                        connection,
                        "SELECT * FROM sources_of_object(?, ?)",
                        SourceId::of,
                        object.bucket(),
                        object.key()))
                .stream()
                .map(sources::find)
                .flatMap(Optional::stream)
                .filter(this::isAllowed)
                .toList();
    }

    private boolean isAllowed(Source source) {
        return source.origin() instanceof Origin.S3(String bucket, String prefix)
                && rules.allow(source.id().tenant(), bucket, prefix);
    }

    /// The document of a key, known from now on if it was not. Empty where the source does not want it any more, or has
    /// no room for it.
    Optional<SourceDocument> expect(Source source, String key) {
        return transactions.inTenant(source.id().tenant(), connection -> {
            Optional<SourceDocument> known = documents.find(source, key);
            if (known.isPresent() || !locks.follows(connection, source, key) || !hasRoom(connection, source, key)) {
                return known;
            }
            Sql.update(
                    connection,
                    EXPECT,
                    Ids.next(),
                    key,
                    source.id().tenant(),
                    source.id().value());
            return documents.find(source, key);
        });
    }

    /// Where there is not, the run that is under way says so.
    private boolean hasRoom(Connection connection, Source source, String key) throws SQLException {
        if (!DocumentKey.isPossible(key)) {
            runs.note(source, DocumentKey.IMPOSSIBLE);
            return false;
        }
        boolean hasRoom =
                documents.count(connection, source) < source.settings().maxDocuments();
        if (!hasRoom) {
            runs.noteFull(source);
        }
        return hasRoom;
    }
}
