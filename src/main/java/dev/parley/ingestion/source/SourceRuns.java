package dev.parley.ingestion.source;

import dev.parley.ingestion.source.SourceRun.Status;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// How far the run of a source is. All of it happens in the caller's transaction, and to a run that is under way.
@ApplicationScoped
class SourceRuns {

    private static final String BEGIN = """
            UPDATE sources SET run = run + 1, run_status = 'running', run_phase = 'list', run_left = NULL,
                   run_failures = 0, run_whole = true, run_started_at = now(), run_ended_at = NULL, run_error = NULL,
                   run_keeps_unlisted = false, run_full = false, run_death = NULL,
                   added = 0, changed = 0, unchanged = 0, removed = 0, failed = 0,
                   due_at = now() + make_interval(secs => every_seconds)
             WHERE tenant_id = ? AND id = ?""";

    private static final String OURS = " WHERE tenant_id = ? AND id = ? AND run = ? AND run_status = 'running'";

    private static final String LISTED = "UPDATE sources SET run_left = ?::jsonb, run_failures = 0" + OURS;

    private static final String LEFT_OUT =
            "UPDATE sources SET run_whole = false, run_error = coalesce(run_error, ?)" + OURS;

    private final Transactions transactions;

    SourceRuns(Transactions transactions) {
        this.transactions = transactions;
    }

    /// From the beginning. The caller has added the job, which takes one that is under way from its worker.
    void begin(Connection connection, SourceId id) throws SQLException {
        Sql.update(connection, BEGIN, id.tenant(), id.value());
    }

    void cancel(Connection connection, SourceId id) throws SQLException {
        Sql.update(
                connection,
                "UPDATE sources SET run_status = 'cancelled', run_ended_at = now()"
                        + " WHERE tenant_id = ? AND id = ? AND run_status = 'running'",
                id.tenant(),
                id.value());
    }

    /// @param left what of the listing is left
    void listed(Source source, String left) {
        update(source, LISTED, left);
    }

    void listingFailed(Source source) {
        update(source, "UPDATE sources SET run_failures = run_failures + 1" + OURS);
    }

    /// What is missing from the listing is not gone: a part of it could not be read.
    void leftOut(Source source, String why) {
        update(source, LEFT_OUT, why);
    }

    /// The listing can never be whole: what it does not name may be there all the same, so it is looked at, too.
    void keepUnlisted(Source source, String why) {
        update(source, "UPDATE sources SET run_keeps_unlisted = true, run_error = coalesce(run_error, ?)" + OURS, why);
    }

    /// Something that its owner should know, though the run goes well.
    void note(Source source, String what) {
        update(source, "UPDATE sources SET run_error = coalesce(run_error, ?)" + OURS, what);
    }

    /// The listing is cut where there is no room for more: what it goes on with may be there all the same.
    void cut(Source source) {
        update(source, "UPDATE sources SET run_full = true" + OURS);
        noteFull(source);
    }

    void noteFull(Source source) {
        note(
                source,
                "There are more than %d documents: the rest is left out."
                        .formatted(source.settings().maxDocuments()));
    }

    void enter(Source source, SourceRun.Phase phase) {
        update(source, "UPDATE sources SET run_phase = lower(?)" + OURS, phase.name());
    }

    void count(Source source, Tally what, int documents) {
        update(source, "UPDATE sources SET %1$s = %1$s + ?".formatted(what.column()) + OURS, documents);
    }

    void end(Source source, Status status) {
        update(source, "UPDATE sources SET run_status = ?, run_ended_at = now()" + OURS, status.code());
    }

    /// The job of a run became a dead letter, whatever run that was.
    void fail(SourceId id, String why) {
        transactions.runInTenant(
                id.tenant(),
                connection -> Sql.update(
                        connection,
                        "UPDATE sources SET run_status = 'failed', run_death = ?, run_ended_at = now()"
                                + " WHERE tenant_id = ? AND id = ? AND run_status = 'running'",
                        why,
                        id.tenant(),
                        id.value()));
    }

    /// A dead run goes on where it was. One that had ended before its job died has nothing left to do.
    void reopen(SourceId id) {
        transactions.runInTenant(
                id.tenant(),
                connection -> Sql.update(
                        connection,
                        "UPDATE sources SET run_status = 'running', run_death = NULL, run_ended_at = NULL"
                                + " WHERE tenant_id = ? AND id = ? AND run_status = 'failed'"
                                + " AND run_death IS NOT NULL",
                        id.tenant(),
                        id.value()));
    }

    private void update(Source source, String sql, @Nullable Object... values) {
        @Nullable Object[] args = Arrays.copyOf(values, values.length + 3);
        args[values.length] = source.id().tenant();
        args[values.length + 1] = source.id().value();
        args[values.length + 2] = source.run().number();
        transactions.runInTenant(source.id().tenant(), connection -> Sql.update(connection, sql, args));
    }
}
