package dev.parley.conversation;

import dev.parley.model.PromptTokens;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What becomes a summary: the one before it, and the items that are folded into it.
///
/// @param previous null for none
/// @param items oldest first, not empty
record Material(@Nullable String previous, List<StoredItem> items) {

    /// Cutting spares the beginning of everything, however many items share too little room.
    private static final int LEAST = 32;

    /// An item on its way into a summary.
    record Old(StoredItem stored, int tokens) {}

    /// Whole turns, oldest first, as many as the limits hold: at least one, of which the item limit alone may cut
    /// the end.
    ///
    /// @param items oldest first; one more than `maxItems` when more follow
    static List<StoredItem> choose(List<Old> items, int maxItems, int maxTokens) {
        int chosen = 0;
        int tokens = 0;
        while (chosen < items.size()) {
            int end = endOfTurn(items, chosen);
            tokens += items.subList(chosen, end).stream().mapToInt(Old::tokens).sum();
            boolean goesOn = end == items.size() && end > maxItems;
            if (chosen > 0 && (goesOn || tokens > maxTokens)) {
                break;
            }
            chosen = end;
        }
        return items.stream().limit(Math.min(chosen, maxItems)).map(Old::stored).toList();
    }

    private static int endOfTurn(List<Old> items, int start) {
        int end = start;
        while (end < items.size()
                && items.get(end)
                        .stored()
                        .turn()
                        .equals(items.get(start).stored().turn())) {
            end++;
        }
        return end;
    }

    /// Who said what, an entry for each item.
    List<Line> lines() {
        return items.stream().map(stored -> line(stored.item())).toList();
    }

    /// The same within so many tokens: when there are more, each item keeps its beginning.
    List<Line> lines(int mostTokens) {
        List<Line> lines = lines();
        if (lines.stream()
                        .mapToInt(line -> PromptTokens.estimate(line.toString()))
                        .sum()
                <= mostTokens) {
            return lines;
        }
        int each = Math.max(LEAST, mostTokens / lines.size());
        var cut = new ArrayList<Line>(lines.size());
        for (Line line : lines) {
            cut.add(new Line(line.speaker(), PromptTokens.beginning(line.text(), each)));
        }
        return cut;
    }

    record Line(String speaker, String text) {
        @Override
        public String toString() {
            return speaker + ": " + text;
        }
    }

    private static Line line(Item item) {
        return switch (item) {
            case Item.Message message
            when message.isUsers() ->
                new Line(message.name() == null ? "User" : "User " + message.name(), message.text());
            case Item.Message message -> new Line("Assistant", message.text());
            case Item.FunctionCall call -> new Line("Assistant calls " + call.name(), call.arguments());
            case Item.FunctionCallOutput output -> new Line("Tool", output.output());
        };
    }

    Summary.Through through() {
        StoredItem last = items.getLast();
        return new Summary.Through(last.seq(), last.id());
    }
}
