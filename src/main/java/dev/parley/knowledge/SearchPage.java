package dev.parley.knowledge;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The answer to a vector store search, as OpenAI gives it.
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
record SearchPage(
        String object,
        @JsonProperty("search_query") List<String> searchQuery,
        List<Found> data,
        @JsonProperty("has_more") boolean hasMore,
        @JsonProperty("next_page") @Nullable String nextPage,
        Extension parley) {

    @RegisterForReflection
    record Found(
            @JsonProperty("file_id") String fileId,
            String filename,
            double score,
            Map<String, Object> attributes,
            List<TextContent> content) {}

    /// @param degraded true when a store was searched by BM25 alone
    @RegisterForReflection
    record Extension(boolean degraded) {}

    static SearchPage of(List<String> queries, List<Hit> hits, boolean degraded) {
        List<Found> data = hits.stream()
                .map(hit -> new Found(
                        hit.file().toString(),
                        hit.filename(),
                        hit.score(),
                        hit.attributes(),
                        List.of(TextContent.of(hit.text()))))
                .toList();
        return new SearchPage("vector_store.search_results.page", queries, data, false, null, new Extension(degraded));
    }
}
