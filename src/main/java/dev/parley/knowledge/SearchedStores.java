package dev.parley.knowledge;

import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// Looks up what is to be searched, in one round trip.
@ApplicationScoped
class SearchedStores {

    private static final String FIND = """
            SELECT id, embedding_model, last_active_at,
                   last_active_at + expires_after_days * interval '24 hours' AS expires_at
              FROM vector_stores WHERE tenant_id = ? AND id = ANY (?)""";

    private final Transactions transactions;
    private final Clock clock;

    SearchedStores(Transactions transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    /// All of them, in no order.
    ///
    /// @throws Problem (404) when the tenant lacks one of the stores, (400) for one that has expired
    List<SearchedStore> get(TenantId tenant, Collection<VectorStoreId> ids) {
        List<UUID> wanted = ids.stream().map(VectorStoreId::value).distinct().toList();
        List<SearchedStore> found = transactions.list(tenant, FIND, SearchedStores::map, tenant, wanted);
        Set<VectorStoreId> known = found.stream().map(SearchedStore::id).collect(Collectors.toSet());
        ids.stream().filter(id -> !known.contains(id)).findFirst().ifPresent(id -> {
            throw Problem.notFound("vector store", id.toString());
        });
        Instant now = clock.instant();
        found.forEach(store -> store.checkExpiry(now));
        return found;
    }

    private static SearchedStore map(ResultSet row) throws SQLException {
        return new SearchedStore(
                new VectorStoreId(Sql.uuid(row, "id")),
                row.getString("embedding_model"),
                Objects.requireNonNull(Sql.instant(row, "last_active_at")),
                Sql.instant(row, "expires_at"));
    }
}
