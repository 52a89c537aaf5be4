package dev.parley.chat;

import dev.parley.api.JsonField;
import dev.parley.knowledge.FilterParser;
import dev.parley.knowledge.Ranking;
import dev.parley.knowledge.VectorStoreId;
import dev.parley.problem.Problem;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads where to look for passages: from `parley`, or from a tool of type `file_search`, flat as in OpenAI's
/// Responses API or nested under `file_search`. All three have the same members.
final class RetrievalReader {

    static final Set<String> MEMBERS = Set.of("vector_store_ids", "max_num_results", "filters", "ranking_options");
    private static final Set<String> RANKERS = Set.of("auto", "none", "default-2024-11-15", "default_2024_08_21");
    private static final int MAX_STORES = 10;
    private static final int MAX_RESULTS = 50;
    private static final int DEFAULT_RESULTS = 8;
    private static final int MAX_ID = 64;
    private static final double MAX_WEIGHT = 1_000_000;

    private RetrievalReader() {}

    static Retrieval fileSearch(JsonField tool) {
        Optional<JsonField> nested = tool.find("file_search");
        if (nested.isPresent()) {
            tool.allowOnly(Set.of("type", "file_search"));
            return read(nested.get().allowOnly(MEMBERS));
        }
        tool.allowOnly(Set.of("type", "vector_store_ids", "max_num_results", "filters", "ranking_options"));
        return read(tool);
    }

    /// Empty when no vector store is named.
    static Optional<Retrieval> parley(JsonField parley) {
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
                from.find("ranking_options").map(RetrievalReader::ranking).orElse(Ranking.DEFAULT));
    }

    private static Ranking ranking(JsonField options) {
        options.allowOnly(Set.of("ranker", "score_threshold", "hybrid_search"));
        options.find("ranker").ifPresent(ranker -> ranker.oneOf(RANKERS));
        double threshold = options.find("score_threshold")
                .map(field -> field.number(0, 1))
                .orElse(Ranking.DEFAULT.scoreThreshold());
        return options.find("hybrid_search")
                .map(weights -> weighted(weights, threshold))
                .orElseGet(
                        () -> new Ranking(Ranking.DEFAULT.embeddingWeight(), Ranking.DEFAULT.textWeight(), threshold));
    }

    private static Ranking weighted(JsonField weights, double threshold) {
        weights.allowOnly(Set.of("embedding_weight", "text_weight"));
        double embedding = weights.get("embedding_weight").number(0, MAX_WEIGHT);
        double text = weights.get("text_weight").number(0, MAX_WEIGHT);
        if (embedding + text == 0) {
            throw Problem.invalid(
                    weights.path(), "Invalid '%s': one weight must be above 0.".formatted(weights.path()));
        }
        return new Ranking(embedding, text, threshold);
    }
}
