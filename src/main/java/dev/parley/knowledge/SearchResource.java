package dev.parley.knowledge;

import dev.parley.identity.Caller;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import dev.parley.invocation.Deadlines;
import dev.parley.model.ModelFailure;
import dev.parley.problem.Problem;
import dev.parley.usage.Payer;
import dev.parley.usage.Purse;
import dev.parley.usage.Purses;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;

/// `/v1/vector_stores/{id}/search`.
@Path("/v1/vector_stores/{store}/search")
@RolesAllowed(Scopes.KNOWLEDGE)
@RunOnVirtualThread
class SearchResource {

    private final Search search;
    private final Callers callers;
    private final Purses purses;
    private final Deadlines deadlines;

    SearchResource(Search search, Callers callers, Purses purses, Deadlines deadlines) {
        this.search = search;
        this.callers = callers;
        this.purses = purses;
        this.deadlines = deadlines;
    }

    @POST
    public SearchPage search(@RestPath String store, @NotNull @Valid SearchRequest request) {
        Caller caller = callers.current();
        List<VectorStoreId> stores = List.of(VectorStoreId.parse(store));
        Filter filter = request.filter();
        Ranking ranking = request.ranking();
        List<SearchQuery> queries = request.queries().stream()
                .map(text -> new SearchQuery(stores, text, request.limit(), filter, ranking))
                .toList();
        List<SearchResult> results = run(queries, caller);
        return SearchPage.of(
                request.queries(),
                results.size() == 1 ? results.getFirst().hits() : best(results, request.limit()),
                results.stream().anyMatch(SearchResult::degraded));
    }

    /// A budget that does not allow the embedding leaves BM25, as a model that is down does.
    ///
    /// @throws Problem (504) when the time of the function was up, (503) when this process had to end
    private List<SearchResult> run(List<SearchQuery> queries, Caller caller) {
        try (Purse purse = purses.open(Payer.of(caller, null), deadlines.current())) {
            try {
                return queries.stream()
                        .map(query -> search.search(caller.tenant(), query, purse))
                        .toList();
            } catch (ModelFailure cut) {
                throw cut.isStopped() ? purse.ended() : cut;
            }
        }
    }

    /// Where a chunk answers several queries, its best score counts.
    private static List<Hit> best(List<SearchResult> results, int limit) {
        var chunks = new LinkedHashMap<List<Object>, Hit>();
        results.stream()
                .flatMap(result -> result.hits().stream())
                .sorted(Comparator.comparingDouble(Hit::score).reversed())
                .forEach(hit -> chunks.putIfAbsent(List.of(hit.file(), hit.heading(), hit.text()), hit));
        return chunks.values().stream().limit(limit).toList();
    }
}
