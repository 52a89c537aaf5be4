package dev.parley.knowledge;

import dev.parley.job.Housekeeping;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/// Deletes files whose time is over, with their chunks. Nobody has found them since that moment.
@ApplicationScoped
class ExpiredFiles implements Housekeeping {

    private static final int BATCH = 20;
    private static final String LIST = "SELECT * FROM expired_files(?)";

    private final Transactions transactions;
    private final Removal removal;

    ExpiredFiles(Transactions transactions, Removal removal) {
        this.transactions = transactions;
        this.removal = removal;
    }

    @Override
    public String name() {
        return "expired-files";
    }

    @Override
    public Duration interval() {
        return Duration.ofMinutes(1);
    }

    @Override
    public boolean run() {
        var sweep = new Sweep();
        transactions
                .withoutTenant(connection -> Sql.list(
                        connection,
                        LIST,
                        row -> new Expired(
                                new TenantId(Sql.uuid(row, "tenant_id")), new FileId(Sql.uuid(row, "file_id"))),
                        BATCH))
                .forEach(expired -> sweep.remove(expired, () -> removal.file(expired.tenant(), expired.file())));
        return sweep.hasMore();
    }

    private record Expired(TenantId tenant, FileId file) {}
}
