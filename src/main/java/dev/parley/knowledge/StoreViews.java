package dev.parley.knowledge;

import dev.parley.api.Page;
import dev.parley.postgres.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/// Shows vector stores with what is counted of them.
@ApplicationScoped
class StoreViews {

    private final Counting counting;
    private final Clock clock;

    StoreViews(Counting counting, Clock clock) {
        this.counting = counting;
        this.clock = clock;
    }

    VectorStoreObject view(TenantId tenant, VectorStore store) {
        var unfinished = counting.unfinished(tenant, List.of(store));
        return VectorStoreObject.of(store, Counting.ofStore(store, unfinished), clock.instant());
    }

    /// @param stores one more than the limit where there is one
    Page<VectorStoreObject> page(TenantId tenant, List<VectorStore> stores, int limit) {
        var unfinished = counting.unfinished(tenant, stores);
        Instant now = clock.instant();
        return Page.of(
                stores,
                limit,
                store -> VectorStoreObject.of(store, Counting.ofStore(store, unfinished), now),
                VectorStoreObject::id);
    }
}
