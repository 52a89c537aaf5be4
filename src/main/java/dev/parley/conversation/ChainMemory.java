package dev.parley.conversation;

import dev.langchain4j.data.message.ChatMessage;
import dev.parley.postgres.Ids;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What is remembered of exchanges that follow each other without a conversation: whole turns, as there.
public final class ChainMemory {

    private final Recollection recollection;
    private @Nullable UUID continued;

    ChainMemory(Recollection recollection) {
        this.recollection = recollection;
    }

    /// The next older exchange: what was asked, and what was answered. Results of tool calls at the start of the one
    /// after it belong to its last turn.
    ///
    /// @return whether there is room for more
    public boolean add(List<ChatMessage> exchange) {
        List<Item> items = exchange.stream().flatMap(ItemMessages::items).toList();
        List<Turns.Assigned> assigned = Turns.group(items, Ids.next());
        if (assigned.isEmpty()) {
            return true;
        }
        UUID last = assigned.getLast().turn();
        for (Turns.Assigned each : assigned.reversed()) {
            UUID turn = continued != null && each.turn().equals(last) ? continued : each.turn();
            recollection.add(turn, each.item(), Items.tokens(each.item()));
        }
        UUID first = assigned.getFirst().turn();
        boolean joins = items.getFirst() instanceof Item.FunctionCallOutput;
        continued = !joins ? null : first.equals(last) && continued != null ? continued : first;
        return !recollection.isFull();
    }

    public Remembered remembered() {
        return recollection.remembered(0);
    }
}
