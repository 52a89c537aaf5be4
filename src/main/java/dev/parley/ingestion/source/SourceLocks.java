package dev.parley.ingestion.source;

import dev.parley.knowledge.SourceFiles;
import dev.parley.postgres.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;

/// What is locked, until the transaction ends, while something about a source's documents changes. In one order
/// everywhere: the job, the store, the source, the document, its files.
///
/// A file that its owner put into other stores, too, takes their locks along when it goes, and those of lower ids come
/// too late then: should somebody delete it at that moment, the database lets one of the two yield, and its job, event
/// or request is done again.
@ApplicationScoped
class SourceLocks {

    private static final String ACTIVE = "SELECT 1 FROM sources WHERE tenant_id = ? AND id = ? AND status = 'active'";

    private static final String RUN = ACTIVE + " AND run = ? AND run_status = 'running' FOR NO KEY UPDATE";

    private static final String FOLLOWS =
            ACTIVE + " AND type = 's3' AND origin ->> 'bucket' = ? AND starts_with(?, origin ->> 'prefix')"
                    + " FOR NO KEY UPDATE";

    private final SourceFiles files;

    SourceLocks(SourceFiles files) {
        this.files = files;
    }

    /// False when it is not there any more.
    boolean store(Source source) {
        return files.lock(source.id().tenant(), source.store());
    }

    /// Whether the source's run is still under way.
    boolean run(Connection connection, Source source) throws SQLException {
        return Sql.first(
                        connection,
                        RUN,
                        _ -> true,
                        source.id().tenant(),
                        source.id().value(),
                        source.run().number())
                .isPresent();
    }

    /// Whether the source, one of a bucket, is still to have what is under this key there.
    boolean follows(Connection connection, Source source, String key) throws SQLException {
        return source.origin() instanceof Origin.S3(String bucket, String _)
                && Sql.first(
                                connection,
                                FOLLOWS,
                                _ -> true,
                                source.id().tenant(),
                                source.id().value(),
                                bucket,
                                key)
                        .isPresent();
    }
}
