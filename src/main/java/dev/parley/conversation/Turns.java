package dev.parley.conversation;

import dev.parley.postgres.Ids;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Divides items into turns: each begins with what a user says.
final class Turns {

    /// An item and the turn it belongs to.
    record Assigned(UUID turn, Item item) {}

    private Turns() {}

    /// Whether a user speaks first.
    static boolean beginsTurn(List<Item> items) {
        return !items.isEmpty() && items.getFirst() instanceof Item.Message message && message.isUsers();
    }

    static List<Assigned> group(List<Item> items) {
        return group(items, Ids.next());
    }

    /// @param first the turn of the items before anything a user says
    static List<Assigned> group(List<Item> items, UUID first) {
        var assigned = new ArrayList<Assigned>(items.size());
        UUID turn = first;
        boolean userSpeaks = true;
        for (Item item : items) {
            boolean isUsers = item instanceof Item.Message message && message.isUsers();
            if (isUsers && !userSpeaks) {
                turn = Ids.next();
            }
            userSpeaks = isUsers;
            assigned.add(new Assigned(turn, item));
        }
        return assigned;
    }
}
