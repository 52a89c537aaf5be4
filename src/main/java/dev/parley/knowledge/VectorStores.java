package dev.parley.knowledge;

import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Parameters;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A tenant's vector stores.
@ApplicationScoped
class VectorStores implements PanacheRepositoryBase<VectorStore, UUID> {

    private final Transactions transactions;

    VectorStores(Transactions transactions) {
        this.transactions = transactions;
    }

    void create(TenantId tenant, VectorStore store) {
        transactions.runInTenant(tenant, _ -> persistAndFlush(store));
    }

    /// @throws Problem (404) when the tenant has no such store
    VectorStore get(TenantId tenant, VectorStoreId id) {
        return transactions.inTenant(tenant, _ -> findByIdOptional(id.value())
                .orElseThrow(() -> Problem.notFound("vector store", id.toString())));
    }

    /// One more than the limit where there is one.
    List<VectorStore> list(TenantId tenant, @Nullable VectorStoreId after, int limit, boolean ascending) {
        Sort order = ascending ? Sort.ascending("id") : Sort.descending("id");
        return transactions.inTenant(tenant, _ -> {
            var stores = after == null
                    ? findAll(order)
                    : find(ascending ? "id > :after" : "id < :after", order, Parameters.with("after", after.value()));
            return stores.range(0, limit).list();
        });
    }

    VectorStore modify(TenantId tenant, VectorStoreId id, Consumer<VectorStore> change) {
        return transactions.inTenant(tenant, _ -> {
            VectorStore store = get(tenant, id);
            change.accept(store);
            return store;
        });
    }

    /// Whether Postgres has a text search configuration of this name.
    boolean knowsTextSearch(TenantId tenant, String name) {
        return transactions.inTenant(tenant, connection -> Sql.first(
                        connection,
                        "SELECT 1 FROM pg_ts_config WHERE cfgname = ? AND pg_ts_config_is_visible(oid)",
                        _ -> true,
                        name)
                .orElse(false));
    }
}
