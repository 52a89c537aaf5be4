package dev.parley.chat.request;

import dev.parley.api.JsonField;
import dev.parley.chat.Retrieval;
import dev.parley.knowledge.FilterParser;
import dev.parley.knowledge.Ranking;
import dev.parley.knowledge.VectorStoreId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads where to look for passages: from `parley`, or from a tool of type `file_search`, flat as in OpenAI's
/// Responses API or nested under `file_search`. All three have the same members.
public final class RetrievalReader {

    private static final Set<String> MEMBERS =
            Set.of("vector_store_ids", "max_num_results", "filters", "ranking_options");
    private static final int MAX_STORES = 10;
    private static final int MAX_RESULTS = 50;
    private static final int DEFAULT_RESULTS = 8;
    private static final int MAX_ID = 64;

    private RetrievalReader() {}

    /// @param tool of type `file_search`
    public static Retrieval fileSearch(JsonField tool) {
        Optional<JsonField> nested = tool.find("file_search");
        if (nested.isPresent()) {
            tool.allowOnly(Set.of("type", "file_search"));
            return read(nested.get().allowOnly(MEMBERS));
        }
        tool.allowOnly(Set.of("type", "vector_store_ids", "max_num_results", "filters", "ranking_options"));
        return read(tool);
    }

    /// Empty when no vector store is named.
    public static Optional<Retrieval> parley(JsonField parley) {
        boolean isEmpty = parley.find("vector_store_ids")
                .map(ids -> ids.items(MAX_STORES).isEmpty())
                .orElse(true);
        return isEmpty ? Optional.empty() : Optional.of(read(parley));
    }

    private static Retrieval read(JsonField from) {
        JsonField ids = from.get("vector_store_ids");
        List<VectorStoreId> stores = ids.items(MAX_STORES).stream()
                .map(id -> VectorStoreId.parse(id.text(MAX_ID)))
                .distinct()
                .toList();
        if (stores.isEmpty()) {
            throw ids.invalid("expected at least one vector store.");
        }
        return new Retrieval(
                stores,
                from.find("max_num_results")
                        .map(max -> max.integer(1, MAX_RESULTS))
                        .orElse(DEFAULT_RESULTS),
                from.find("filters")
                        .map(filters -> FilterParser.parse(filters.value(), filters.path()))
                        .orElse(null),
                from.find("ranking_options").map(Ranking::read).orElse(Ranking.DEFAULT));
    }
}
