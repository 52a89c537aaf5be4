package dev.parley.ingestion.source;

import dev.parley.ingestion.source.Source.Settings;
import dev.parley.job.Jobs;
import dev.parley.knowledge.VectorStoreId;
import dev.parley.postgres.DatabaseFailure;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A tenant's sources. Whoever begins a run adds its job in the same transaction, so each run is worked on; there
/// is one job per source, so two runs of one never overlap.
@ApplicationScoped
class Sources {

    private static final String THIS_ONE = " WHERE tenant_id = ? AND id = ?";

    private static final String FIND = "SELECT * FROM sources" + THIS_ONE;

    private static final String STATE = """
            SELECT status, run, run_status, run_phase, run_left, run_failures, run_whole, run_keeps_unlisted,
                   run_full, run_started_at, run_ended_at, run_error, run_death, added, changed, unchanged, removed, failed""";

    private static final String FOLLOW = STATE + " FROM sources" + THIS_ONE;

    /// Without URLs that were listed one by one: there may be a megabyte of them in each.
    private static final String LIST = STATE + """
            , id, vector_store_id, type, attributes, chunking, every_seconds, max_documents, created_at, due_at,
              CASE type WHEN 'urls' THEN jsonb_set(origin, '{urls}', '[]') ELSE origin END AS origin
              FROM sources WHERE tenant_id = ? AND status <> 'deleting'""";

    /// One after the other, or two could make the last one that there may be.
    private static final String LOCK_TENANT = "SELECT 1 FROM tenants WHERE tenant_id = ? FOR NO KEY UPDATE";

    private static final String COUNT = "SELECT count(*) FROM sources WHERE tenant_id = ? AND status <> 'deleting'";

    /// A deletion that has not ended when it is due lost its job.
    static final String DELETE =
            "UPDATE sources SET status = 'deleting', due_at = now() + interval '1 hour'" + THIS_ONE;

    private static final String CREATE = """
            INSERT INTO sources (origin, type, attributes, chunking, every_seconds, max_documents, tenant_id, id,
                                 vector_store_id)
            VALUES (?::jsonb, ?, ?::jsonb, ?::jsonb, ?, ?, ?, ?, ?)""";

    private static final String CHANGE = """
            UPDATE sources SET origin = ?::jsonb, type = ?, attributes = ?::jsonb, chunking = ?::jsonb,
                   every_seconds = ?, max_documents = ?, status = ?,
                   due_at = least(due_at, now() + make_interval(secs => ?))""" + THIS_ONE;

    private final Transactions transactions;
    private final SourceRuns runs;
    private final SourceLocks locks;
    private final Succession succession;
    private final Jobs jobs;
    private final Json json;
    private final int most;

    Sources(
            Transactions transactions,
            SourceRuns runs,
            SourceLocks locks,
            Succession succession,
            Jobs jobs,
            Json json,
            SourcesConfig config) {
        this.transactions = transactions;
        this.runs = runs;
        this.locks = locks;
        this.succession = succession;
        this.jobs = jobs;
        this.json = json;
        this.most = config.maxSources();
    }

    /// Makes it, and begins its first run.
    Source create(TenantId tenant, VectorStoreId store, Settings settings) {
        var id = new SourceId(tenant, Ids.next());
        try {
            return transactions.inTenant(tenant, connection -> {
                checkRoom(connection, tenant);
                Sql.update(connection, CREATE, args(settings, tenant, id.value(), store.value()));
                callWorker(id);
                runs.begin(connection, id);
                return get(id);
            });
        } catch (DatabaseFailure failure) {
            throw failure.isDangling() ? Problem.notFound("vector store", store.toString()) : failure;
        }
    }

    private void checkRoom(Connection connection, TenantId tenant) throws SQLException {
        Sql.first(connection, LOCK_TENANT, _ -> true, tenant);
        int there = Sql.first(connection, COUNT, row -> row.getInt(1), tenant).orElseThrow();
        if (there >= most) {
            throw Problem.of(
                    ProblemKind.CONFLICT,
                    "too_many_sources",
                    "There are %d sources already, which is the limit: delete one.".formatted(there));
        }
    }

    /// One that is being deleted too.
    Optional<Source> find(SourceId id) {
        return transactions.inTenant(id.tenant(), connection -> find(connection, id, FIND));
    }

    /// What has become of it. What its owner says of it is read again only for another run: whatever changed meanwhile
    /// holds for what is looked at later.
    Optional<Source> follow(Source known) {
        SourceId id = known.id();
        return transactions
                .inTenant(id.tenant(), connection -> Sql.first(connection, FOLLOW, known::now, id.tenant(), id.value()))
                .flatMap(now -> now.run().number() == known.run().number() ? Optional.of(now) : find(id));
    }

    /// @throws Problem (404) when the tenant has no such source
    Source get(SourceId id) {
        return visible(find(id), id);
    }

    /// One more than the page holds where there is one.
    List<Source> list(TenantId tenant, @Nullable UUID after, boolean ascending, int limit) {
        String page = ascending ? " AND id > ? ORDER BY id LIMIT ?" : " AND id < ? ORDER BY id DESC LIMIT ?";
        UUID start = after != null ? after : ascending ? new UUID(0, 0) : new UUID(-1, -1);
        return transactions.inTenant(
                tenant,
                connection -> Sql.list(
                        connection,
                        LIST + page,
                        row -> Source.of(row, new SourceId(tenant, Sql.uuid(row, "id")), json),
                        tenant,
                        start,
                        limit));
    }

    /// Another origin is looked at from the beginning, at once; whatever else changes holds for what is looked at
    /// later.
    Source change(SourceId id, UnaryOperator<Source> change) {
        return transactions.inTenant(id.tenant(), connection -> {
            callWorker(id);
            Source before = lock(connection, id);
            Source after = change.apply(before);
            Settings settings = after.settings();
            Sql.update(
                    connection,
                    CHANGE,
                    args(settings, after.status().code(), (double) settings.everySeconds(), id.tenant(), id.value()));
            if (after.status() == Source.Status.PAUSED) {
                runs.cancel(connection, id);
            } else if (!settings.origin().equals(before.origin())) {
                runs.begin(connection, id);
            }
            return get(id);
        });
    }

    /// Begins a run now; the one that is under way is as good.
    ///
    /// @throws Problem (409) for one that is paused
    Source sync(SourceId id) {
        return transactions.inTenant(id.tenant(), connection -> {
            if (get(id).run().isRunning()) {
                return get(id);
            }
            callWorker(id);
            Source source = lock(connection, id);
            if (source.status() == Source.Status.PAUSED) {
                throw Problem.of(
                        ProblemKind.CONFLICT, "source_paused", "The source is paused: set its 'status' to 'active'.");
            }
            if (!source.run().isRunning()) {
                runs.begin(connection, id);
            }
            return get(id);
        });
    }

    /// Deletes it at once, and leaves its files alone or to a job that takes them away one after the other.
    ///
    /// @throws Problem (404) when the tenant has no such source
    void delete(SourceId id, boolean keepFiles) {
        transactions.runInTenant(id.tenant(), connection -> {
            callWorker(id);
            locks.store(get(id));
            lock(connection, id);
            if (keepFiles) {
                succession.outlive(connection, id);
                forget(id);
            } else {
                Sql.update(connection, DELETE, id.tenant(), id.value());
            }
        });
    }

    /// Its files stay; what is known of its documents goes.
    void forget(SourceId id) {
        transactions.runInTenant(
                id.tenant(),
                connection -> Sql.update(connection, "DELETE FROM sources" + THIS_ONE, id.tenant(), id.value()));
    }

    /// The job is locked before the source, as its worker locks them. One that finds nothing to do ends at once.
    private void callWorker(SourceId id) {
        jobs.add(id.tenant(), SourceHandler.KIND, id.toString());
    }

    private Source lock(Connection connection, SourceId id) throws SQLException {
        return visible(find(connection, id, FIND + " FOR NO KEY UPDATE"), id);
    }

    private Optional<Source> find(Connection connection, SourceId id, String sql) throws SQLException {
        return Sql.first(connection, sql, row -> Source.of(row, id, json), id.tenant(), id.value());
    }

    private static Source visible(Optional<Source> found, SourceId id) {
        return found.filter(source -> source.status() != Source.Status.DELETING)
                .orElseThrow(() -> SourceId.notFound(id.toString()));
    }

    private @Nullable Object[] args(Settings settings, Object... rest) {
        @Nullable Object[] args = new Object[6 + rest.length];
        args[0] = json.write(settings.origin());
        args[1] = settings.origin().type();
        args[2] = settings.filing().attributes();
        args[3] = settings.filing().chunking();
        args[4] = settings.everySeconds();
        args[5] = settings.maxDocuments();
        System.arraycopy(rest, 0, args, 6, rest.length);
        return args;
    }
}
