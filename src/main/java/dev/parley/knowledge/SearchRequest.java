package dev.parley.knowledge;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.problem.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The body of a vector store search.
///
/// @param query a string, or a list of strings whose hits are put together
@RegisterForReflection
record SearchRequest(
        @NotNull JsonNode query,
        @Nullable JsonNode filters,

        @JsonProperty("max_num_results") @Min(1) @Max(100) @Nullable
        Integer maxNumResults,

        @JsonProperty("ranking_options") @Valid @Nullable RankingOptions rankingOptions,
        @JsonProperty("rewrite_query") @Nullable Boolean rewriteQuery) {

    private static final int DEFAULT_RESULTS = 10;
    private static final int MAX_QUERIES = 8;
    private static final Set<String> RANKERS = Set.of("none", "auto", "default-2024-11-15", "default_2024_08_21");

    @RegisterForReflection
    record RankingOptions(
            @Nullable String ranker,

            @JsonProperty("score_threshold") @DecimalMin("0") @DecimalMax("1") @Nullable
            Double scoreThreshold,

            @JsonProperty("hybrid_search") @Valid @Nullable HybridSearch hybridSearch) {}

    @RegisterForReflection
    record HybridSearch(
            @JsonProperty("embedding_weight") @DecimalMin("0") @DecimalMax("1000000")
            double embeddingWeight,

            @JsonProperty("text_weight") @DecimalMin("0") @DecimalMax("1000000")
            double textWeight) {}

    /// @throws Problem (400) unless there are one to eight queries with text in them
    List<String> queries() {
        var queries = new ArrayList<String>();
        (query.isArray() ? query : List.of(query)).forEach(one -> queries.add(text(one)));
        if (queries.isEmpty() || queries.size() > MAX_QUERIES) {
            throw Problem.invalid("query", "'query' must be a string or a list of 1 to %d.".formatted(MAX_QUERIES));
        }
        return queries;
    }

    @Nullable
    Filter filter() {
        return filters == null || filters.isNull() ? null : FilterParser.parse(filters, "filters");
    }

    int limit() {
        return maxNumResults == null ? DEFAULT_RESULTS : maxNumResults;
    }

    /// @throws Problem (400) for what Parley cannot rank by
    Ranking ranking() {
        if (Boolean.TRUE.equals(rewriteQuery)) {
            throw Problem.unsupported("rewrite_query", "Queries are searched for as they are sent.");
        }
        if (rankingOptions == null) {
            return Ranking.DEFAULT;
        }
        if (rankingOptions.ranker() != null && !RANKERS.contains(rankingOptions.ranker())) {
            throw Problem.invalid("ranking_options.ranker", "'ranker' must be 'auto', 'none' or one of OpenAI's.");
        }
        double threshold = rankingOptions.scoreThreshold() == null ? 0 : rankingOptions.scoreThreshold();
        HybridSearch weights = rankingOptions.hybridSearch();
        if (weights == null) {
            return new Ranking(Ranking.DEFAULT.embeddingWeight(), Ranking.DEFAULT.textWeight(), threshold);
        }
        if (weights.embeddingWeight() + weights.textWeight() == 0) {
            throw Problem.invalid("ranking_options.hybrid_search", "One of the weights must be above 0.");
        }
        return new Ranking(weights.embeddingWeight(), weights.textWeight(), threshold);
    }

    private static String text(JsonNode one) {
        if (!one.isTextual() || one.textValue().isBlank()) {
            throw Problem.invalid("query", "'query' must hold text.");
        }
        return one.textValue();
    }
}
