package dev.parley.tool.builtin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.tool.Description;
import dev.parley.tool.Invocation;
import dev.parley.tool.JavaTool;
import dev.parley.tool.KnowledgeSearch;
import dev.parley.tool.ServerTool;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

@ServerTool(
        name = "search_knowledge",
        description = "Searches documents for passages about something. Answers with numbered passages and the files "
                + "they are from: cite them by number, like [1].",
        timeoutSeconds = 30)
class SearchKnowledge implements JavaTool<SearchKnowledge.Arguments> {

    private final KnowledgeSearch search;

    SearchKnowledge(KnowledgeSearch search) {
        this.search = search;
    }

    @RegisterForReflection
    record Arguments(
            @Description("What to look for: a question or key words.") @NotBlank @Size(max = 2000)
            String query,

            @Description("Ids of the vector stores to search.")
            @JsonProperty("vector_store_ids")
            @Size(min = 1, max = KnowledgeSearch.MAX_STORES)
            List<String> vectorStoreIds,

            @Description("How many passages at most; 5 if left out.")
            @JsonProperty("max_results")
            @Min(1)
            @Max(KnowledgeSearch.MAX_RESULTS)
            @Nullable
            Integer maxResults) {}

    @Override
    public Class<Arguments> arguments() {
        return Arguments.class;
    }

    @Override
    public String call(Arguments arguments, Invocation invocation) {
        int most = arguments.maxResults == null ? KnowledgeSearch.DEFAULT_RESULTS : arguments.maxResults;
        return search.search(arguments.query, arguments.vectorStoreIds, most, invocation);
    }
}
