package dev.parley.batch;

import dev.parley.postgres.ContentCodec;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/// The lines of batches that are over, in pages.
@ApplicationScoped
class EndedLines {

    static final String PAGE = """
            SELECT * FROM batch_lines WHERE tenant_id = ? AND batch_id = ? AND line > ? ORDER BY line LIMIT ?""";

    private static final String FORGET = """
            UPDATE batch_lines SET request = NULL, result = NULL
             WHERE tenant_id = ? AND batch_id = ? AND line IN
                   (SELECT line FROM batch_lines WHERE tenant_id = ? AND batch_id = ?
                       AND (request IS NOT NULL OR result IS NOT NULL) LIMIT ?)""";

    private static final int PAGE_LINES = 50;
    private static final int FORGET_LINES = 1000;

    private final Transactions transactions;
    private final ContentCodec codec;

    EndedLines(Transactions transactions, ContentCodec codec) {
        this.transactions = transactions;
        this.codec = codec;
    }

    /// In the order of the input.
    List<EndedLine> after(Batch batch, int last) {
        return transactions.inTenant(
                batch.tenant(),
                connection -> Sql.list(
                        connection,
                        PAGE,
                        row -> line(batch, row),
                        batch.tenant(),
                        batch.id().value(),
                        last,
                        PAGE_LINES));
    }

    private EndedLine line(Batch batch, ResultSet row) throws SQLException {
        byte[] result = row.getBytes("result");
        return new EndedLine(
                Sql.uuid(row, "id"),
                row.getInt("line"),
                row.getString("custom_id"),
                row.getObject("status_code", Integer.class),
                result == null ? null : codec.decode(batch.tenant(), result));
    }

    /// Drops what they asked and were answered: the files have it now.
    void forget(Batch batch) {
        Object id = batch.id().value();
        int forgotten;
        do {
            forgotten = transactions.inTenant(
                    batch.tenant(),
                    connection -> Sql.update(connection, FORGET, batch.tenant(), id, batch.tenant(), id, FORGET_LINES));
        } while (forgotten > 0);
    }
}
