package dev.parley.ingestion.source;

import dev.parley.ingestion.source.Source.Status;
import dev.parley.job.Housekeeping;
import dev.parley.job.Jobs;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/// Begins the runs of sources that are due, and sees to it that deletions end.
@ApplicationScoped
class DueSources implements Housekeeping {

    private static final Logger LOG = Logger.getLogger(DueSources.class);
    private static final int BATCH = 50;

    private static final String DUE = "SELECT status FROM sources WHERE tenant_id = ? AND id = ? AND due_at <= now()"
            + " AND (status = 'deleting' OR (status = 'active' AND run_status IS DISTINCT FROM 'running'))";

    private final Transactions transactions;
    private final SourceRuns runs;
    private final Jobs jobs;

    DueSources(Transactions transactions, SourceRuns runs, Jobs jobs) {
        this.transactions = transactions;
        this.runs = runs;
        this.jobs = jobs;
    }

    @Override
    public String name() {
        return "due-sources";
    }

    @Override
    public Duration interval() {
        return Duration.ofMinutes(1);
    }

    @Override
    public boolean run() {
        List<SourceId> due = transactions.withoutTenant(
                connection -> Sql.list(connection, "SELECT * FROM due_sources(?)", SourceId::of, BATCH));
        long begun = due.stream().filter(this::tryToBegin).count();
        return due.size() >= BATCH && begun > 0;
    }

    /// One that cannot be begun keeps no other waiting.
    private boolean tryToBegin(SourceId id) {
        try {
            begin(id);
            return true;
        } catch (RuntimeException failure) {
            LOG.warnf(failure, "%s is due and cannot be begun", id);
            return false;
        }
    }

    /// Another process may have been faster. The job is locked before the source, as workers lock them.
    void begin(SourceId id) {
        transactions.runInTenant(id.tenant(), connection -> {
            if (status(connection, id, "").isEmpty()) {
                return;
            }
            jobs.add(id.tenant(), SourceHandler.KIND, id.toString());
            Optional<Status> due = status(connection, id, " FOR NO KEY UPDATE");
            if (due.filter(Status.ACTIVE::equals).isPresent()) {
                runs.begin(connection, id);
            } else if (due.isPresent()) {
                Sql.update(connection, Sources.DELETE, id.tenant(), id.value());
            }
        });
    }

    /// Empty when it is not due.
    private static Optional<Status> status(Connection connection, SourceId id, String lock) throws SQLException {
        return Sql.first(connection, DUE + lock, row -> Status.of(row.getString("status")), id.tenant(), id.value());
    }
}
