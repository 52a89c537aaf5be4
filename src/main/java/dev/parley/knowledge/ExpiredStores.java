package dev.parley.knowledge;

import dev.parley.job.Housekeeping;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Deletes vector stores that nobody used for as long as they were to live: first file by file, because a large store
/// takes minutes, then the store. Until it is gone the API shows it as expired.
@ApplicationScoped
class ExpiredStores implements Housekeeping {

    private static final int BATCH = 20;
    private static final String LIST = "SELECT * FROM expired_vector_stores(?)";

    private final Transactions transactions;
    private final Removal removal;

    ExpiredStores(Transactions transactions, Removal removal) {
        this.transactions = transactions;
        this.removal = removal;
    }

    @Override
    public String name() {
        return "expired-vector-stores";
    }

    @Override
    public Duration interval() {
        return Duration.ofMinutes(5);
    }

    @Override
    public boolean run() {
        var sweep = new Sweep();
        transactions
                .withoutTenant(connection -> Sql.list(connection, LIST, ExpiredStores::expired, BATCH))
                .forEach(expired -> sweep.remove(expired, () -> remove(expired)));
        return sweep.hasMore();
    }

    private void remove(Expired expired) {
        FileId file = expired.file();
        if (file == null) {
            removal.vectorStore(expired.tenant(), expired.store());
        } else {
            removal.attachment(new AttachmentId(expired.tenant(), expired.store(), file));
        }
    }

    /// @param file one that is in the store; null when it is empty
    private record Expired(
            TenantId tenant, VectorStoreId store, @Nullable FileId file) {}

    private static Expired expired(ResultSet row) throws SQLException {
        UUID file = Sql.uuid(row, "file_id");
        return new Expired(
                new TenantId(Sql.uuid(row, "tenant_id")),
                new VectorStoreId(Sql.uuid(row, "vector_store_id")),
                file == null ? null : new FileId(file));
    }
}
