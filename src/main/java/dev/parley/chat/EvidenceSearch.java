package dev.parley.chat;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.parley.knowledge.Search;
import dev.parley.knowledge.SearchQuery;
import dev.parley.knowledge.SearchResult;
import dev.parley.model.Spend;
import dev.parley.model.UserText;
import dev.parley.postgres.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Looks for passages with the last thing the user said, and takes as many as the token budget holds.
///
/// The question alone is the query: rewriting it with the history would cost a model call before every answer.
@ApplicationScoped
class EvidenceSearch {

    /// More than a question needs; a pasted document would only blur the query.
    private static final int MAX_QUERY = 4096;

    private final Search search;

    EvidenceSearch(Search search) {
        this.search = search;
    }

    /// Where to look, and who pays.
    record Asked(TenantId tenant, @Nullable Retrieval retrieval, Spend spend) {}

    /// @param messages all of the prompt's, oldest first
    /// @throws dev.parley.problem.Problem (404) for a vector store that is not this tenant's
    Evidence find(Asked asked, List<ChatMessage> messages, PassageBudget budget) {
        Retrieval retrieval = asked.retrieval();
        Optional<UserMessage> question = UserMessage.findLast(messages);
        if (retrieval == null
                || question.isEmpty()
                || UserText.of(question.get()).isBlank()) {
            return Evidence.NONE;
        }
        SearchResult found = search.search(
                asked.tenant(),
                new SearchQuery(
                        retrieval.vectorStores(),
                        query(question.get()),
                        retrieval.maxResults(),
                        retrieval.filter(),
                        retrieval.ranking()),
                asked.spend());
        return new Evidence(true, budget.fitting(found.hits()), found.degraded());
    }

    private static String query(UserMessage question) {
        String text = UserText.of(question);
        return text.length() <= MAX_QUERY ? text : text.substring(text.length() - MAX_QUERY);
    }
}
