package dev.parley.usage;

import dev.parley.job.Housekeeping;
import dev.parley.job.Jobs;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/// Finds turns that wait for a worker who will never come, because their jobs are gone. A job that was lost is added
/// again; one that failed for good ends its turn, for nothing. A queue that does its part leaves nothing to do here.
@ApplicationScoped
class StrandedTurns implements Housekeeping {

    private static final Logger LOG = Logger.getLogger(StrandedTurns.class);
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final Duration AGE = Duration.ofMinutes(5);
    private static final int BATCH = 200;

    private static final String LOCK =
            "SELECT id FROM turns WHERE tenant_id = ? AND id = ? AND status = 'queued' FOR NO KEY UPDATE";

    private final Transactions transactions;
    private final Turns turns;
    private final Jobs jobs;

    StrandedTurns(Transactions transactions, Turns turns, Jobs jobs) {
        this.transactions = transactions;
        this.turns = turns;
        this.jobs = jobs;
    }

    private record Stranded(TenantId tenant, UUID turn, boolean isJobDead) {}

    @Override
    public String name() {
        return "stranded-turns";
    }

    @Override
    public Duration interval() {
        return INTERVAL;
    }

    @Override
    public boolean run() {
        List<Stranded> stranded = transactions.withoutTenant(connection -> Sql.list(
                connection,
                "SELECT * FROM stranded_turns(make_interval(secs => ?), ?)",
                row -> new Stranded(
                        new TenantId(Sql.uuid(row, "tenant_id")), Sql.uuid(row, "id"), row.getBoolean("dead")),
                (double) AGE.toSeconds(),
                BATCH));
        stranded.forEach(this::help);
        return stranded.size() == BATCH;
    }

    private void help(Stranded stranded) {
        if (stranded.isJobDead) {
            turns.endQueued(stranded.tenant, stranded.turn);
            LOG.warnf("Turn %s of %s waited for a dead job and was ended", stranded.turn, stranded.tenant);
        } else {
            addJob(stranded.tenant, stranded.turn);
        }
    }

    /// Should a worker have come meanwhile, the job has begun the turn, or finds it over: more it does not do twice.
    private void addJob(TenantId tenant, UUID turn) {
        transactions.runInTenant(tenant, connection -> {
            if (Sql.first(connection, LOCK, _ -> turn, tenant, turn).isPresent()) {
                jobs.add(tenant, Turns.JOB_KIND, turn.toString());
                LOG.warnf("Turn %s of %s had lost its job and has a new one", turn, tenant);
            }
        });
    }
}
