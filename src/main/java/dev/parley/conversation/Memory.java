package dev.parley.conversation;

import dev.langchain4j.data.message.ChatMessage;
import dev.parley.model.Spend;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What turns remember of their conversations, and where they keep what was said.
@ApplicationScoped
public class Memory {

    private final Items items;
    private final RecentItems recent;
    private final Folding folding;
    private final ConversationConfig config;

    Memory(Items items, RecentItems recent, Folding folding, ConversationConfig config) {
        this.items = items;
        this.recent = recent;
        this.folding = folding;
        this.config = config;
    }

    /// The summary of what is folded and the newest whole turns after it, as far as both fit the budget.
    ///
    /// @throws Problem (404) for a conversation that is not this tenant's
    public Recalled recall(TenantId tenant, ConversationId conversation, MemoryBudget budget) {
        var room = new Room(budget.tokens(config.historyTokens()), config.historyItems(), folding.summaryTokens());
        return recent.recall(tenant, conversation, room);
    }

    /// Folds what had no room into the conversation's summary, which takes its place from this turn on. Waits for a
    /// model where one is configured; when that fails, or its payment is refused, the turn goes on without.
    ///
    /// @param spend pays the summary's model
    public Folded fold(Recalled recalled, Spend spend) {
        return folding.fold(recalled, spend);
    }

    /// For exchanges that follow each other without a conversation. They are not summarised.
    public ChainMemory ofChain(MemoryBudget budget) {
        return new ChainMemory(new Recollection(budget.tokens(config.historyTokens()), config.historyItems()));
    }

    /// How many tokens a turn may remember.
    ///
    /// @param requested its own budget; null for the configured one
    public int mostTokens(@Nullable Integer requested) {
        return requested == null ? config.historyTokens() : requested;
    }

    /// A turn's new messages and its answer as the items that its settlement appends. Instructions are not kept: they
    /// belong to a request.
    ///
    /// @param continued the turn whose tool calls the messages answer; null for a turn of its own
    public List<NewItem> keep(TenantId tenant, List<ChatMessage> messages, Remembered.@Nullable OpenTurn continued) {
        List<Item> said = messages.stream().flatMap(ItemMessages::items).toList();
        var grouped = continued == null ? Turns.group(said) : Turns.group(said, continued.id());
        return items.encode(tenant, grouped);
    }
}
