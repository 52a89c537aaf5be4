package dev.parley.knowledge;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.JsonField;
import dev.parley.problem.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.ArrayList;
import java.util.List;
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

        @JsonProperty("ranking_options") @Nullable JsonNode rankingOptions,
        @JsonProperty("rewrite_query") @Nullable Boolean rewriteQuery) {

    private static final int DEFAULT_RESULTS = 10;
    private static final int MAX_QUERIES = 8;

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
        return rankingOptions == null || rankingOptions.isNull()
                ? Ranking.DEFAULT
                : Ranking.read(new JsonField("ranking_options", rankingOptions));
    }

    private static String text(JsonNode one) {
        if (!one.isTextual() || one.textValue().isBlank()) {
            throw Problem.invalid("query", "'query' must hold text.");
        }
        return one.textValue();
    }
}
