package dev.parley.knowledge;

import dev.parley.postgres.TenantId;
import jakarta.enterprise.context.ApplicationScoped;

/// Finds the chunks that answer a query.
@ApplicationScoped
public class Search {

    /// The best chunks, best first. Embeds the query before any connection is taken.
    ///
    /// @throws dev.parley.problem.Problem (404) for a store that is not this tenant's
    public SearchResult search(TenantId tenant, SearchQuery query) {
        throw new UnsupportedOperationException();
    }
}
