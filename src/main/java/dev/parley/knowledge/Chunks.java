package dev.parley.knowledge;

import static dev.parley.knowledge.AttachmentId.args;

import dev.parley.knowledge.Attachment.Stage;
import dev.parley.postgres.Sha256;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import dev.parley.postgres.Vectors;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A file's chunks in a store and the indexes over them. Every call is one stage's step and leaves a checkpoint; each
/// may be repeated without harm, and does nothing once the attachment is no longer in progress. Writes join the
/// caller's transaction.
@ApplicationScoped
public class Chunks {

    private final Transactions transactions;
    private final Attachments attachments;

    Chunks(Transactions transactions, Attachments attachments) {
        this.transactions = transactions;
        this.attachments = attachments;
    }

    /// @param heading the headings above the chunk, outermost first, joined by ` › `; empty when there are none
    /// @param tokens of heading and text by the embedding model's tokenizer
    public record NewChunk(
            String text, String heading, @Nullable Integer page, int tokens) {}

    /// @param input heading and text as they are embedded
    public record Unembedded(long chunkId, byte[] sha256, String input) {}

    public record Embedded(long chunkId, byte[] sha256, float[] vector) {}

    /// Replaces the file's chunks by these and moves to stage `CHUNKED`.
    public void replace(AttachmentId id, List<NewChunk> chunks) {
        transactions.runInTenant(id.tenant(), connection -> {
            if (attachments.advance(id, Stage.CHUNKED)) {
                Sql.update(connection, ChunkSql.DELETE, args(id));
                Sql.batch(connection, ChunkSql.INSERT, rows(id, chunks));
            }
        });
    }

    /// Gives chunks whose text this tenant has embedded before, with this model, that vector: unchanged content costs
    /// nothing. Returns how many.
    public int reuseEmbeddings(AttachmentId id, String model) {
        return transactions.inTenant(
                id.tenant(),
                connection -> Attachments.lock(connection, id)
                        ? Sql.update(connection, ChunkSql.REUSE_EMBEDDINGS, args(model, id))
                        : 0);
    }

    /// The next chunks without a vector, in order; empty when all have one.
    public List<Unembedded> unembedded(AttachmentId id, String model, int limit) {
        return transactions.inTenant(
                id.tenant(),
                connection -> Sql.list(connection, ChunkSql.UNEMBEDDED, Chunks::unembedded, args(id, model, limit)));
    }

    /// Keeps these vectors; one whose chunk was replaced in the meantime is left out.
    public void saveEmbeddings(AttachmentId id, String model, List<Embedded> embeddings) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Embedded embedded : embeddings) {
            rows.add(new Object[] {
                model, Vectors.halfvec(embedded.vector()), id.tenant(), embedded.chunkId(), embedded.sha256()
            });
        }
        transactions.runInTenant(id.tenant(), connection -> {
            if (Attachments.lock(connection, id)) {
                Sql.batch(connection, ChunkSql.INSERT_EMBEDDING, rows);
            }
        });
    }

    /// Moves to stage `EMBEDDED`.
    public void markEmbedded(AttachmentId id) {
        attachments.advance(id, Stage.EMBEDDED);
    }

    /// Writes the postings and completes the ingestion: from this commit on the file is found. Locks the store first,
    /// as whoever changes its counters must.
    ///
    /// @return false when the file was taken out of the store meanwhile, or its ingestion cancelled
    public boolean index(AttachmentId id) {
        return transactions.inTenant(id.tenant(), connection -> {
            var textSearch = Sql.first(
                    connection,
                    ChunkSql.LOCK_STORE,
                    row -> row.getString(1),
                    id.tenant(),
                    id.vectorStore().value());
            boolean isWanted = textSearch.isPresent() && Attachments.lock(connection, id);
            if (isWanted) {
                complete(connection, id, textSearch.get());
            }
            return isWanted;
        });
    }

    private static void complete(Connection connection, AttachmentId id, String textSearch) throws SQLException {
        long tokens = Sql.first(connection, ChunkSql.INSERT_POSTINGS, row -> row.getLong(1), args(textSearch, id))
                .orElseThrow();
        Sql.update(connection, ChunkSql.COMPLETE, args(tokens, id, id));
        Sql.update(connection, ChunkSql.COUNT_IN, args(id));
    }

    private static List<@Nullable Object[]> rows(AttachmentId id, List<NewChunk> chunks) {
        var rows = new ArrayList<@Nullable Object[]>();
        for (NewChunk chunk : chunks) {
            String heading = ChunkText.storable(chunk.heading());
            String text = ChunkText.storable(chunk.text());
            byte[] sha256 = Sha256.of(ChunkText.input(heading, text));
            rows.add(args(id, rows.size(), text, heading, chunk.page(), chunk.tokens(), sha256));
        }
        return rows;
    }

    private static Unembedded unembedded(ResultSet row) throws SQLException {
        return new Unembedded(
                row.getLong("id"),
                row.getBytes("sha256"),
                ChunkText.input(row.getString("heading"), row.getString("text")));
    }
}
