package dev.parley.batch;

import dev.parley.identity.Caller;
import dev.parley.job.Jobs;
import dev.parley.knowledge.FileId;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A tenant's batches, as those who make them see them.
@ApplicationScoped
class Batches {

    static final String LIST = "SELECT * FROM batches WHERE tenant_id = ? AND id < ? ORDER BY id DESC LIMIT ?";

    private static final String FIND = "SELECT * FROM batches WHERE tenant_id = ? AND id = ?";

    private static final String CREATE = """
            INSERT INTO batches (tenant_id, id, endpoint, input_file_id, key_id, metadata, output_seconds,
                                 created_at, expires_at)
            VALUES (?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?) RETURNING *""";

    private static final String CANCEL = """
            UPDATE batches SET status = 'cancelling', cancelling_at = now()
             WHERE tenant_id = ? AND id = ? AND status IN ('validating', 'in_progress') RETURNING *""";

    private static final Duration LONGEST_WINDOW = Duration.ofHours(24);
    private static final BatchId LAST = new BatchId(new UUID(-1, -1));

    private final Transactions transactions;
    private final Jobs jobs;
    private final Json json;
    private final Clock clock;
    private final Duration window;

    Batches(Transactions transactions, Jobs jobs, Json json, Clock clock, BatchConfig config) {
        this.transactions = transactions;
        this.jobs = jobs;
        this.json = json;
        this.clock = clock;
        this.window =
                config.completionWindow().compareTo(LONGEST_WINDOW) < 0 ? config.completionWindow() : LONGEST_WINDOW;
    }

    Batch create(Caller caller, NewBatch request, FileId input) {
        TenantId tenant = caller.tenant();
        var id = new BatchId(Ids.next());
        Instant now = clock.instant();
        return transactions.inTenant(tenant, connection -> {
            jobs.add(tenant, BatchHandler.KIND, Lane.first(id).subject());
            return Sql.first(
                            connection,
                            CREATE,
                            Batch::of,
                            tenant,
                            id.value(),
                            request.endpoint(),
                            input.value(),
                            caller.keyId(),
                            metadata(request),
                            request.outputSeconds(),
                            now,
                            now.plus(window))
                    .orElseThrow();
        });
    }

    private @Nullable String metadata(NewBatch request) {
        var pairs = request.metadataPairs();
        return pairs == null ? null : json.write(pairs);
    }

    Optional<Batch> find(TenantId tenant, BatchId id) {
        return transactions.inTenant(tenant, connection -> Sql.first(connection, FIND, Batch::of, tenant, id.value()));
    }

    /// @throws Problem (404) when the tenant has no such batch
    Batch get(TenantId tenant, BatchId id) {
        return find(tenant, id).orElseThrow(id::notFound);
    }

    /// Newest first.
    List<Batch> list(TenantId tenant, @Nullable BatchId after, int limit) {
        BatchId start = after == null ? LAST : after;
        return transactions.inTenant(
                tenant, connection -> Sql.list(connection, LIST, Batch::of, tenant, start.value(), limit));
    }

    /// Lines that run are finished, no other is begun. Cancelling again changes nothing.
    ///
    /// @throws Problem (404), or (409) for a batch that is over
    Batch cancel(TenantId tenant, BatchId id) {
        Optional<Batch> cancelled = transactions.inTenant(tenant, connection -> {
            Optional<Batch> batch = Sql.first(connection, CANCEL, Batch::of, tenant, id.value());
            // At once, for it may be waiting; a worker that is on it finishes its lines, then finds itself replaced.
            batch.ifPresent(
                    _ -> jobs.add(tenant, BatchHandler.KIND, Lane.first(id).subject()));
            return batch;
        });
        return cancelled.orElseGet(() -> cancelledBefore(get(tenant, id)));
    }

    private static Batch cancelledBefore(Batch batch) {
        if (batch.isCancelled()) {
            return batch;
        }
        throw Problem.of(
                ProblemKind.CONFLICT,
                "batch_not_cancellable",
                "Cannot cancel a batch with status '%s'."
                        .formatted(batch.status().code()));
    }
}
