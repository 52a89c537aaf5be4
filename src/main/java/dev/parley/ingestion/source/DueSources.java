package dev.parley.ingestion.source;

import dev.parley.job.Housekeeping;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/// Begins the runs of sources that are due, and sees to it that deletions end.
@ApplicationScoped
class DueSources implements Housekeeping {

    private static final Logger LOG = Logger.getLogger(DueSources.class);
    private static final int BATCH = 50;

    private final Transactions transactions;
    private final Sources sources;

    DueSources(Transactions transactions, Sources sources) {
        this.transactions = transactions;
        this.sources = sources;
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
        List<SourceId> due = transactions.withoutTenant(connection -> Sql.list(
                connection,
                "SELECT * FROM due_sources(?)",
                row -> new SourceId(new TenantId(Sql.uuid(row, "tenant_id")), Sql.uuid(row, "source_id")),
                BATCH));
        due.forEach(this::begin);
        return due.size() >= BATCH;
    }

    /// One that cannot be begun keeps no other waiting.
    private void begin(SourceId id) {
        try {
            sources.beginIfDue(id);
        } catch (RuntimeException failure) {
            LOG.warnf(failure, "%s is due and cannot be begun", id);
        }
    }
}
