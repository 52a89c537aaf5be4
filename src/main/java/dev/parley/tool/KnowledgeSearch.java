package dev.parley.tool;

import dev.parley.knowledge.Hit;
import dev.parley.knowledge.Search;
import dev.parley.knowledge.SearchQuery;
import dev.parley.knowledge.VectorStoreId;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/// Searches on behalf of a model, and puts what is found into words that it can cite.
@ApplicationScoped
public class KnowledgeSearch {

    public static final int MAX_STORES = 10;
    public static final int MAX_RESULTS = 20;
    public static final int DEFAULT_RESULTS = 5;

    private final Search search;

    KnowledgeSearch(Search search) {
        this.search = search;
    }

    /// @param stores ids as clients write them
    /// @param most passages
    /// @throws ToolFailure for a store that is not the tenant's, or one that has expired, or a budget
    public String search(String query, List<String> stores, int most, Invocation invocation) {
        try {
            List<VectorStoreId> ids = stores.stream().map(VectorStoreId::parse).toList();
            return told(search.search(invocation.tenant(), SearchQuery.of(ids, query, most), invocation.spend())
                    .hits());
        } catch (Problem refused) {
            throw ToolFailure.withoutEffect(refused.getMessage());
        }
    }

    private static String told(List<Hit> hits) {
        if (hits.isEmpty()) {
            return "Nothing was found.";
        }
        var text = new StringBuilder();
        for (int i = 0; i < hits.size(); i++) {
            Hit hit = hits.get(i);
            text.append("[%d] %s".formatted(i + 1, hit.filename()));
            if (hit.page() != null) {
                text.append(", page ").append(hit.page());
            }
            if (!hit.heading().isBlank()) {
                text.append(", ").append(hit.heading());
            }
            text.append('\n').append(hit.text().strip()).append("\n\n");
        }
        return text.toString().strip();
    }
}
