package dev.parley.knowledge;

import dev.parley.job.Housekeeping;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

/// Ends uploads that nobody has completed in time, and forgets those that have long been over.
@ApplicationScoped
class ExpiredUploads implements Housekeeping {

    private static final int BATCH = 20;
    private static final Duration REMEMBERED = Duration.ofDays(30);
    private static final String DUE = "SELECT * FROM due_uploads(?, ?)";

    private final Transactions transactions;
    private final Uploads uploads;
    private final Clock clock;

    ExpiredUploads(Transactions transactions, Uploads uploads, Clock clock) {
        this.transactions = transactions;
        this.uploads = uploads;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "expired-uploads";
    }

    @Override
    public Duration interval() {
        return Duration.ofMinutes(5);
    }

    @Override
    public boolean run() {
        var sweep = new Sweep();
        transactions
                .withoutTenant(connection -> Sql.list(
                        connection,
                        DUE,
                        row -> new Due(new TenantId(Sql.uuid(row, "tenant_id")), Sql.uuid(row, "upload_id")),
                        clock.instant().minus(REMEMBERED),
                        BATCH))
                .forEach(due -> sweep.remove(due, () -> uploads.expire(due.tenant(), due.upload())));
        return sweep.hasMore();
    }

    private record Due(TenantId tenant, UUID upload) {}
}
