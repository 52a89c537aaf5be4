package dev.parley.conversation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// The remembered items of one turn, in order.
final class TurnItems {

    private final UUID id;
    private final List<Item> items = new ArrayList<>();
    private int tokens;

    TurnItems(UUID id) {
        this.id = id;
    }

    void addFirst(Item item, int itemTokens) {
        items.addFirst(item);
        tokens += itemTokens;
    }

    UUID id() {
        return id;
    }

    List<Item> items() {
        return items;
    }

    int tokens() {
        return tokens;
    }

    /// Names of called tools by call id, for the calls without a result.
    Map<String, String> unanswered() {
        var open = new LinkedHashMap<String, String>();
        for (Item item : items) {
            switch (item) {
                case Item.FunctionCall call -> open.put(call.callId(), call.name());
                case Item.FunctionCallOutput output -> open.remove(output.callId());
                case Item.Message _ -> {}
            }
        }
        return open;
    }

    /// No result without its call. Only items that a client wrote itself can break this.
    boolean hasOrphans() {
        var calls = new ArrayList<String>();
        for (Item item : items) {
            if (item instanceof Item.FunctionCall call) {
                calls.add(call.callId());
            }
            if (item instanceof Item.FunctionCallOutput output && !calls.remove(output.callId())) {
                return true;
            }
        }
        return false;
    }
}
