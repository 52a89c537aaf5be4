package dev.parley.knowledge;

import static dev.parley.knowledge.AttachmentId.args;

import dev.parley.postgres.DatabaseFailure;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The files of vector stores.
@ApplicationScoped
class VectorStoreFiles {

    private static final String EXISTING_FILES =
            "SELECT id FROM files WHERE tenant_id = ? AND id = ANY (?) AND (expires_at IS NULL OR expires_at > ?)";

    private static final String ATTACHED = """
            SELECT file_id, status, max_chunk_size_tokens, chunk_overlap_tokens FROM vector_store_files
             WHERE tenant_id = ? AND vector_store_id = ? AND file_id = ANY (?) ORDER BY file_id
            """;

    private static final String ATTACH = """
            INSERT INTO vector_store_files (tenant_id, vector_store_id, file_id, batch_id, attributes,
                                            max_chunk_size_tokens, chunk_overlap_tokens)
            VALUES (?, ?, ?, ?::uuid, ?::jsonb, ?, ?)
            ON CONFLICT (tenant_id, vector_store_id, file_id) DO UPDATE SET
                attributes = EXCLUDED.attributes, batch_id = coalesce(EXCLUDED.batch_id, vector_store_files.batch_id)
            """;

    private static final String GET =
            "SELECT * FROM vector_store_files WHERE tenant_id = ? AND vector_store_id = ? AND file_id = ?";

    private static final String SET_ATTRIBUTES = """
            UPDATE vector_store_files SET attributes = ?::jsonb
             WHERE tenant_id = ? AND vector_store_id = ? AND file_id = ? RETURNING *
            """;

    private static final String TEXTS = """
            SELECT text FROM chunks WHERE tenant_id = ? AND vector_store_id = ? AND file_id = ? ORDER BY ordinal
            """;

    private final Transactions transactions;
    private final IngestionQueue queue;
    private final Removal removal;
    private final Clock clock;

    VectorStoreFiles(Transactions transactions, IngestionQueue queue, Removal removal, Clock clock) {
        this.transactions = transactions;
        this.queue = queue;
        this.removal = removal;
        this.clock = clock;
    }

    /// Puts files into a store and asks for their ingestion, all or none. A file that is there already keeps its
    /// chunks and takes the new attributes; if it failed or was cancelled, or is to be cut differently, it
    /// starts over.
    ///
    /// @throws Problem (404) naming a file that the tenant does not have, or when file or store was just deleted;
    /// (429) when too many wait to be ingested
    void attach(TenantId tenant, VectorStoreId store, @Nullable UUID batch, List<NewAttachment> attachments) {
        if (attachments.isEmpty()) {
            return;
        }
        Map<UUID, NewAttachment> byFile = attachments.stream()
                .collect(Collectors.toMap(one -> one.file().value(), one -> one, (_, last) -> last));
        // In one order everywhere, so that two batches with the same files do not wait for each other.
        List<NewAttachment> ordered = byFile.values().stream()
                .sorted(Comparator.comparing(one -> one.file().toString()))
                .toList();
        try {
            transactions.runInTenant(tenant, connection -> {
                queue.checkRoom(tenant);
                checkFiles(connection, tenant, byFile);
                // Jobs before attachments, as a worker locks them.
                ordered.forEach(one -> queue.request(new AttachmentId(tenant, store, one.file())));
                startOver(connection, tenant, store, byFile);
                Sql.batch(
                        connection,
                        ATTACH,
                        ordered.stream()
                                .map(one -> row(tenant, store, batch, one))
                                .toList());
            });
        } catch (DatabaseFailure failure) {
            throw explained(failure);
        }
    }

    /// What refers to a file or a store that existed when it was looked up, a moment ago.
    static RuntimeException explained(DatabaseFailure failure) {
        return failure.isDangling()
                ? Problem.of(ProblemKind.NOT_FOUND, "not_found", "The file or vector store was just deleted.")
                : failure;
    }

    AttachedFile get(AttachmentId id) {
        return transactions.inTenant(id.tenant(), connection -> Sql.first(connection, GET, AttachedFile::of, args(id))
                .orElseThrow(() -> notFound(id)));
    }

    AttachedFile setAttributes(AttachmentId id, String attributes) {
        return transactions.inTenant(
                id.tenant(), connection -> Sql.first(connection, SET_ATTRIBUTES, AttachedFile::of, args(attributes, id))
                        .orElseThrow(() -> notFound(id)));
    }

    /// The text of the file's chunks, in order.
    List<String> texts(AttachmentId id) {
        get(id);
        return transactions.inTenant(
                id.tenant(), connection -> Sql.list(connection, TEXTS, row -> row.getString("text"), args(id)));
    }

    /// One more than the limit where there is one.
    List<AttachedFile> list(AttachedFileQuery query) {
        return transactions.inTenant(
                query.tenant(), connection -> Sql.list(connection, query.sql(), AttachedFile::of, query.args()));
    }

    private void checkFiles(Connection connection, TenantId tenant, Map<UUID, NewAttachment> byFile)
            throws SQLException {
        var missing = new HashSet<>(byFile.keySet());
        missing.removeAll(Sql.list(
                connection, EXISTING_FILES, row -> Sql.uuid(row, "id"), tenant, byFile.keySet(), clock.instant()));
        missing.stream().findFirst().ifPresent(id -> {
            throw Problem.notFound("file", new FileId(id).toString());
        });
    }

    private void startOver(Connection connection, TenantId tenant, VectorStoreId store, Map<UUID, NewAttachment> byFile)
            throws SQLException {
        for (Attached there :
                Sql.list(connection, ATTACHED, VectorStoreFiles::attached, tenant, store.value(), byFile.keySet())) {
            NewAttachment asked = byFile.get(there.file().value());
            if (there.ended() || (asked != null && !asked.chunking().equals(there.chunking()))) {
                removal.attachment(new AttachmentId(tenant, store, there.file()));
            }
        }
    }

    /// @param ended without success
    private record Attached(FileId file, boolean ended, ChunkingStrategy.Fixed chunking) {}

    private static Attached attached(ResultSet row) throws SQLException {
        return new Attached(
                new FileId(Sql.uuid(row, "file_id")),
                List.of("failed", "cancelled").contains(row.getString("status")),
                new ChunkingStrategy.Fixed(row.getInt("max_chunk_size_tokens"), row.getInt("chunk_overlap_tokens")));
    }

    private static @Nullable Object[] row(
            TenantId tenant, VectorStoreId store, @Nullable UUID batch, NewAttachment one) {
        return args(
                new AttachmentId(tenant, store, one.file()),
                batch,
                one.attributes(),
                one.chunking().maxTokens(),
                one.chunking().overlapTokens());
    }

    private static Problem notFound(AttachmentId id) {
        return Problem.notFound("vector store file", id.file().toString());
    }
}
