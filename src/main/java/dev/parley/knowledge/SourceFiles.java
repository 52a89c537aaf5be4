package dev.parley.knowledge;

import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;

/// Files that a source outside keeps in a vector store: what it has is there, what it loses is not.
@ApplicationScoped
public class SourceFiles {

    private final Files files;
    private final VectorStores stores;
    private final Removal removal;
    private final Transactions transactions;
    private final KnowledgeConfig config;
    private final Clock clock;

    SourceFiles(
            Files files,
            VectorStores stores,
            Removal removal,
            Transactions transactions,
            KnowledgeConfig config,
            Clock clock) {
        this.files = files;
        this.stores = stores;
        this.removal = removal;
        this.transactions = transactions;
        this.config = config;
        this.clock = clock;
    }

    /// A file whose content has been taken in. What is not kept leaves no trace.
    public static final class Arrived {

        private final FileId id;
        private final Files.Prepared prepared;

        private Arrived(FileId id, Files.Prepared prepared) {
            this.id = id;
            this.prepared = prepared;
        }

        public FileId id() {
            return id;
        }
    }

    /// @throws Problem (404) when the tenant has no such store, or (400) when it has expired
    public VectorStoreId requireStore(TenantId tenant, String store) {
        VectorStore found = stores.get(tenant, VectorStoreId.parse(store));
        found.checkExpiry(clock.instant());
        return found.storeId();
    }

    /// The largest file there may be.
    public long maxBytes() {
        return config.maxFileSize().asLongValue();
    }

    /// Whether files' content is kept somewhere below this prefix of a bucket, or the prefix lies where it is kept.
    public boolean mayBeKeptIn(String bucket, String prefix) {
        String ours = config.files().prefix().orElse("");
        return config.files().bucket().filter(bucket::equals).isPresent()
                && (prefix.startsWith(ours) || ours.startsWith(prefix));
    }

    /// Takes a file's content in, outside of any transaction.
    public Arrived take(TenantId tenant, FileExchange.Made file) {
        return new Arrived(file.id(), files.prepare(tenant, file.id(), file.upload()));
    }

    /// Makes it a file of the tenant, in the caller's transaction.
    public void keep(TenantId tenant, Arrived file) {
        files.store(tenant, file.prepared);
    }

    /// Locks the store, first of all that is locked but the caller's new rows, until the transaction ends. False
    /// when it is not there any more.
    public boolean lock(TenantId tenant, VectorStoreId store) {
        return transactions.inTenant(tenant, connection -> Sql.first(
                        connection, ChunkSql.LOCK_STORE, row -> row.getString(1), tenant, store.value())
                .isPresent());
    }

    /// Deletes a file with its chunks, in the caller's transaction; nothing, if its owner has done so.
    public void remove(TenantId tenant, FileId file) {
        try {
            removal.file(tenant, file);
        } catch (Problem problem) {
            if (problem.kind() != ProblemKind.NOT_FOUND) {
                throw problem;
            }
        }
    }
}
