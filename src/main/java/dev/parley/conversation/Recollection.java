package dev.parley.conversation;

import dev.langchain4j.data.message.ChatMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Picks what is remembered: whole turns, newest first, until the next one does not fit. A turn that does not fit
/// hides everything before it, so that what is remembered has no hole.
final class Recollection {

    private final int budget;
    private final int maxItems;
    private final Deque<TurnItems> turns = new ArrayDeque<>();
    private int seen;
    private int tokens;
    private @Nullable UUID tooMuch;

    Recollection(int budget, int maxItems) {
        this.budget = budget;
        this.maxItems = maxItems;
    }

    /// The next older item.
    void add(UUID turn, Item item, int itemTokens) {
        seen++;
        tokens += itemTokens;
        if (tooMuch == null && (tokens > budget || seen > maxItems)) {
            tooMuch = turn;
        }
        if (turns.isEmpty() || !turns.getFirst().id().equals(turn)) {
            turns.addFirst(new TurnItems(turn));
        }
        turns.getFirst().addFirst(item, itemTokens);
    }

    /// Whether nothing older will be remembered.
    boolean isFull() {
        return tooMuch != null;
    }

    Remembered remembered(long nextSeq) {
        return remembered(whole(), nextSeq);
    }

    /// The newest turns that stay when older ones are folded.
    ///
    /// @param first the oldest of them; null when not even the newest stays
    record Newest(@Nullable UUID first, Remembered remembered) {}

    /// The newest one stays wherever it can: it is what the next message is about, and may wait for results.
    Newest newest(Room room, long nextSeq) {
        List<TurnItems> whole = whole();
        int first = whole.size();
        int taken = 0;
        while (first > 0 && stays(whole.get(first - 1), taken, room)) {
            first--;
            taken += whole.get(first).tokens();
        }
        List<TurnItems> newest = whole.subList(first, whole.size());
        return new Newest(newest.isEmpty() ? null : newest.getFirst().id(), remembered(newest, nextSeq));
    }

    /// @param taken by those after it
    private static boolean stays(TurnItems turn, int taken, Room room) {
        return taken == 0
                ? turn.tokens() <= room.besideSummary() || !turn.unanswered().isEmpty()
                : taken + turn.tokens() <= room.afterFolding();
    }

    private List<TurnItems> whole() {
        List<TurnItems> whole = new ArrayList<>(turns);
        return tooMuch == null ? whole : whole.subList(lastOf(whole, tooMuch) + 1, whole.size());
    }

    private static Remembered remembered(List<TurnItems> whole, long nextSeq) {
        Remembered.OpenTurn open = whole.isEmpty() ? null : open(whole.getLast(), nextSeq);
        List<TurnItems> complete = whole.stream()
                .filter(turn -> turn.unanswered().isEmpty() && !turn.hasOrphans())
                .toList();
        return new Remembered(
                complete.stream().flatMap(turn -> messages(turn).stream()).toList(),
                complete.stream().mapToInt(TurnItems::tokens).sum(),
                open,
                null);
    }

    private static int lastOf(List<TurnItems> turns, UUID id) {
        int last = turns.size() - 1;
        while (!turns.get(last).id().equals(id)) {
            last--;
        }
        return last;
    }

    private static Remembered.@Nullable OpenTurn open(TurnItems turn, long nextSeq) {
        return turn.unanswered().isEmpty() || turn.hasOrphans()
                ? null
                : new Remembered.OpenTurn(turn.id(), nextSeq, messages(turn), turn.unanswered());
    }

    private static List<ChatMessage> messages(TurnItems turn) {
        return ItemMessages.messages(turn.items());
    }
}
