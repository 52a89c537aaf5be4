package dev.parley.batch;

import dev.parley.postgres.ContentCodec;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The lines of batches, as workers find and take them. Whoever takes or ends a line locks its batch first.
@ApplicationScoped
class BatchLines {

    private static final String OF_BATCH = " WHERE tenant_id = ? AND batch_id = ?";

    private static final String INSERT = """
            INSERT INTO batch_lines (tenant_id, batch_id, line, id, custom_id, run_at, request)
            VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""";

    /// Shared, so that lines are claimed side by side, and none after the batch was cancelled.
    private static final String ENTER = """
            SELECT id FROM batches
             WHERE tenant_id = ? AND id = ? AND status = 'in_progress' AND expires_at > now()
               AND (paused_until IS NULL OR paused_until <= now()) FOR SHARE""";

    static final String NEXT = """
            SELECT line FROM batch_lines
             WHERE tenant_id = ? AND batch_id = ? AND status = 'waiting' AND run_at <= now()
             ORDER BY run_at, line LIMIT 1 FOR UPDATE SKIP LOCKED""";

    private static final String TAKE = """
            UPDATE batch_lines SET status = 'running', worker = ?,
                   lease_until = now() + ? * interval '1 millisecond'""" + OF_BATCH + " AND line = ? RETURNING *";

    private static final String RENEW = """
            UPDATE batch_lines SET lease_until = now() + ? * interval '1 millisecond'""" + OF_BATCH + " AND status = 'running' AND worker = ?";

    static final String RELEASE = """
            UPDATE batch_lines SET status = 'waiting', worker = NULL, lease_until = NULL""" + OF_BATCH + " AND status = 'running' AND lease_until < now()";

    private final Transactions transactions;
    private final ContentCodec codec;
    private final Duration lease;

    BatchLines(Transactions transactions, ContentCodec codec, BatchConfig config) {
        this.transactions = transactions;
        this.codec = codec;
        this.lease = config.lineLease();
    }

    /// A line as it is read.
    record NewLine(int number, LineReader.Request request) {}

    /// Those that are there already stay as they are.
    void insert(Connection connection, Batch batch, List<NewLine> lines) throws SQLException {
        var rows = new ArrayList<@Nullable Object[]>(lines.size());
        for (NewLine line : lines) {
            rows.add(new Object[] {
                batch.tenant(),
                batch.id().value(),
                line.number,
                Ids.next(),
                line.request.customId(),
                batch.times().created(),
                codec.encode(batch.tenant(), line.request.body())
            });
        }
        Sql.batch(connection, INSERT, rows);
    }

    /// The next line whose time has come; empty when there is none, or the batch takes a pause or comes to its end.
    Optional<BatchLine> claim(Batch batch, UUID worker) {
        Object id = batch.id().value();
        return transactions.inTenant(batch.tenant(), connection -> {
            if (Sql.first(connection, ENTER, row -> true, batch.tenant(), id).isEmpty()) {
                return Optional.empty();
            }
            Optional<Integer> next = Sql.first(connection, NEXT, row -> row.getInt(1), batch.tenant(), id);
            return next.isEmpty()
                    ? Optional.empty()
                    : Sql.first(
                            connection,
                            TAKE,
                            row -> line(batch, row),
                            worker,
                            lease.toMillis(),
                            batch.tenant(),
                            id,
                            next.get());
        });
    }

    private BatchLine line(Batch batch, ResultSet row) throws SQLException {
        return new BatchLine(
                batch,
                Sql.uuid(row, "worker"),
                Sql.uuid(row, "id"),
                row.getInt("line"),
                codec.decode(batch.tenant(), row.getBytes("request")),
                row.getInt("attempts"));
    }

    void renew(Batch batch, UUID worker) {
        transactions.runInTenant(
                batch.tenant(),
                connection -> Sql.update(
                        connection,
                        RENEW,
                        lease.toMillis(),
                        batch.tenant(),
                        batch.id().value(),
                        worker));
    }

    /// Lines whose workers died wait again.
    void release(Batch batch) {
        transactions.runInTenant(
                batch.tenant(),
                connection -> Sql.update(
                        connection, RELEASE, batch.tenant(), batch.id().value()));
    }

    LinesLeft left(Batch batch) {
        return transactions.inTenant(batch.tenant(), connection -> Sql.first(
                        connection,
                        LinesLeft.LOOK,
                        LinesLeft::of,
                        batch.tenant(),
                        batch.id().value())
                .orElseThrow(batch.id()::notFound));
    }
}
