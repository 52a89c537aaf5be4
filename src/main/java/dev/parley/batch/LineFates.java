package dev.parley.batch;

import dev.parley.postgres.ContentCodec;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/// Writes down what became of lines, and counts it, in one transaction each.
@ApplicationScoped
class LineFates {

    private static final String OF_BATCH = " WHERE tenant_id = ? AND batch_id = ?";

    private static final String LOCK = """
            SELECT id FROM batches WHERE tenant_id = ? AND id = ? AND status IN ('in_progress', 'cancelling')
               FOR NO KEY UPDATE""";

    private static final String END = """
            UPDATE batch_lines SET status = ?, worker = NULL, lease_until = NULL, turn_id = ?, status_code = ?,
                   result = ?, request = NULL""" + OF_BATCH + " AND line = ? AND worker = ?";

    private static final String COUNT = """
            UPDATE batches SET completed = completed + ?, failed = failed + ?,
                   input_tokens = input_tokens + ?, cached_tokens = cached_tokens + ?,
                   output_tokens = output_tokens + ?, reasoning_tokens = reasoning_tokens + ?
             WHERE tenant_id = ? AND id = ?""";

    private static final String PUT_OFF = """
            UPDATE batch_lines SET status = 'waiting', worker = NULL, lease_until = NULL, attempts = attempts + ?,
                   run_at = now() + ? * interval '1 millisecond'""" + OF_BATCH + " AND line = ? AND worker = ?";

    private static final String PAUSE = """
            UPDATE batches SET paused_until = greatest(paused_until, now() + ? * interval '1 millisecond')
             WHERE tenant_id = ? AND id = ?""";

    private final Transactions transactions;
    private final ContentCodec codec;

    LineFates(Transactions transactions, ContentCodec codec) {
        this.transactions = transactions;
        this.codec = codec;
    }

    /// Nothing is changed when another worker has taken the line over, or the batch is over.
    void tell(BatchLine line, LineFate fate) {
        transactions.runInTenant(line.batch().tenant(), connection -> {
            if (Sql.first(connection, LOCK, row -> true, batch(line)).isPresent()) {
                switch (fate) {
                    case LineFate.Answered answered -> end(connection, line, answered);
                    case LineFate.PutOff putOff -> putOff(connection, line, putOff);
                }
            }
        });
    }

    private void end(Connection connection, BatchLine line, LineFate.Answered answer) throws SQLException {
        int ended = Sql.update(
                connection,
                END,
                answer.isGood() ? "completed" : "failed",
                answer.turn(),
                answer.status(),
                codec.encode(line.batch().tenant(), answer.body()),
                line.batch().tenant(),
                line.batch().id().value(),
                line.number(),
                line.worker());
        if (ended > 0) {
            count(connection, line, answer);
        }
        pause(connection, line, answer.pause());
    }

    private static void count(Connection connection, BatchLine line, LineFate.Answered answer) throws SQLException {
        LineUsage usage = answer.usage();
        Sql.update(
                connection,
                COUNT,
                answer.isGood() ? 1 : 0,
                answer.isGood() ? 0 : 1,
                usage.input(),
                usage.cached(),
                usage.output(),
                usage.reasoning(),
                line.batch().tenant(),
                line.batch().id().value());
    }

    private static void putOff(Connection connection, BatchLine line, LineFate.PutOff fate) throws SQLException {
        Sql.update(
                connection,
                PUT_OFF,
                fate.attempted() ? 1 : 0,
                fate.delay().toMillis(),
                line.batch().tenant(),
                line.batch().id().value(),
                line.number(),
                line.worker());
        pause(connection, line, fate.pausesBatch() ? fate.delay() : Duration.ZERO);
    }

    private static void pause(Connection connection, BatchLine line, Duration pause) throws SQLException {
        if (pause.isPositive()) {
            Sql.update(
                    connection,
                    PAUSE,
                    pause.toMillis(),
                    line.batch().tenant(),
                    line.batch().id().value());
        }
    }

    private static Object[] batch(BatchLine line) {
        return new Object[] {line.batch().tenant(), line.batch().id().value()};
    }
}
