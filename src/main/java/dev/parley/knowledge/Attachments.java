package dev.parley.knowledge;

import static dev.parley.knowledge.AttachmentId.args;

import dev.parley.knowledge.Attachment.Stage;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;

/// The progress of files in vector stores. Writes join the caller's transaction; on an attachment that is no longer in
/// progress (deleted, cancelled, completed) they do nothing.
@ApplicationScoped
public class Attachments {

    static final String IN_PROGRESS = """
            SELECT f.filename, f.content_type, f.bytes, a.stage, a.max_chunk_size_tokens, a.chunk_overlap_tokens,
                   s.embedding_model
              FROM vector_store_files a
              JOIN files f ON f.tenant_id = a.tenant_id AND f.id = a.file_id
              JOIN vector_stores s ON s.tenant_id = a.tenant_id AND s.id = a.vector_store_id
             WHERE a.tenant_id = ? AND a.vector_store_id = ? AND a.file_id = ? AND a.status = 'in_progress'
            """;

    private static final String PARSED =
            "SELECT blocks FROM parsed_files WHERE tenant_id = ? AND file_id = ? AND parser_version = ?";

    private static final String SAVE_PARSED = """
            INSERT INTO parsed_files (tenant_id, file_id, parser_version, blocks)
            SELECT tenant_id, id, ?, ?::jsonb FROM files WHERE tenant_id = ? AND id = ?
            ON CONFLICT (tenant_id, file_id)
                DO UPDATE SET parser_version = EXCLUDED.parser_version, blocks = EXCLUDED.blocks
            """;

    private static final String ADVANCE = """
            UPDATE vector_store_files SET stage = ?
             WHERE tenant_id = ? AND vector_store_id = ? AND file_id = ? AND status = 'in_progress'
            """;

    private static final String FAIL = """
            UPDATE vector_store_files SET status = 'failed', error_code = ?, error_message = ?
             WHERE tenant_id = ? AND vector_store_id = ? AND file_id = ? AND status = 'in_progress'
            """;

    private static final String REOPEN = """
            UPDATE vector_store_files SET status = 'in_progress', error_code = NULL, error_message = NULL
             WHERE tenant_id = ? AND vector_store_id = ? AND file_id = ? AND status = 'failed'
            """;

    private final Transactions transactions;
    private final FileContents contents;

    Attachments(Transactions transactions, FileContents contents) {
        this.transactions = transactions;
        this.contents = contents;
    }

    /// Empty when the file or store was deleted, or its ingestion cancelled, failed or completed: nothing is left to
    /// do.
    public Optional<Attachment> inProgress(AttachmentId id) {
        return transactions.inTenant(
                id.tenant(), connection -> Sql.first(connection, IN_PROGRESS, row -> attachment(id, row), args(id)));
    }

    /// The file's bytes, read part by part; holds no connection between reads.
    public InputStream content(AttachmentId id) {
        return contents.open(ContentOwner.file(id.tenant(), id.file()));
    }

    /// The parse stage's checkpoint, if this file was parsed by this version before (for any store).
    public Optional<String> parsed(AttachmentId id, int parserVersion) {
        return transactions.inTenant(
                id.tenant(),
                connection -> Sql.first(
                        connection,
                        PARSED,
                        row -> row.getString("blocks"),
                        id.tenant(),
                        id.file().value(),
                        parserVersion));
    }

    /// Saves the parse stage's checkpoint, the document as JSON, and moves to stage `PARSED`.
    public void saveParsed(AttachmentId id, int parserVersion, String documentJson) {
        transactions.runInTenant(id.tenant(), connection -> {
            Sql.update(
                    connection,
                    SAVE_PARSED,
                    parserVersion,
                    documentJson,
                    id.tenant(),
                    id.file().value());
            advance(id, Stage.PARSED);
        });
    }

    /// Moves on to this stage. False when the attachment is no longer in progress: whatever the stage would write is
    /// then not to be written.
    boolean advance(AttachmentId id, Stage stage) {
        return update(id, ADVANCE, stage.name().toLowerCase(Locale.ROOT));
    }

    /// Whether the attachment is still in progress; if so nobody else changes it until the transaction ends.
    static boolean lock(Connection connection, AttachmentId id) throws SQLException {
        return Sql.first(connection, ChunkSql.LOCK_IN_PROGRESS, _ -> true, args(id))
                .isPresent();
    }

    /// Ends the ingestion as failed, with a reason that helps.
    public void fail(AttachmentId id, FailureCode code, String message) {
        update(id, FAIL, code.name().toLowerCase(Locale.ROOT), message);
    }

    /// Back to `in_progress`, for a re-driven dead letter; keeps the stage.
    public void reopen(AttachmentId id) {
        update(id, REOPEN);
    }

    private boolean update(AttachmentId id, String sql, Object... values) {
        return transactions.inTenant(id.tenant(), connection -> Sql.update(connection, sql, args(values, id))) > 0;
    }

    private static Attachment attachment(AttachmentId id, ResultSet row) throws SQLException {
        return new Attachment(
                id,
                row.getString("filename"),
                row.getString("content_type"),
                row.getLong("bytes"),
                Stage.valueOf(row.getString("stage").toUpperCase(Locale.ROOT)),
                row.getInt("max_chunk_size_tokens"),
                row.getInt("chunk_overlap_tokens"),
                row.getString("embedding_model"));
    }

    /// OpenAI's codes of a vector store file's `last_error`; stored in lower case.
    public enum FailureCode {
        SERVER_ERROR,
        UNSUPPORTED_FILE,
        INVALID_FILE
    }
}
