package dev.parley.conversation;

import dev.parley.postgres.Ids;
import java.util.Optional;
import java.util.UUID;

/// An item where it stands in its conversation.
///
/// @param turn items of one turn are remembered or forgotten together
record StoredItem(long seq, UUID turn, Item item) {

    private static final int UUID_DIGITS = 32;
    private static final int MAX_SEQ_DIGITS = 15;

    /// Turn and sequence number: an item is found by its id without an index of its own.
    String id() {
        return Ids.format(prefix(), turn) + Long.toHexString(seq);
    }

    /// The sequence number in an item's id.
    static Optional<Long> seqOf(String id) {
        int start = id.indexOf('_') + 1 + UUID_DIGITS;
        if (start <= UUID_DIGITS || id.length() <= start || id.length() > start + MAX_SEQ_DIGITS) {
            return Optional.empty();
        }
        try {
            return Optional.of(Long.parseUnsignedLong(id, start, id.length(), 16));
        } catch (NumberFormatException notHexadecimal) {
            return Optional.empty();
        }
    }

    private String prefix() {
        return switch (item) {
            case Item.Message _ -> "msg_";
            case Item.FunctionCall _ -> "fc_";
            case Item.FunctionCallOutput _ -> "fco_";
        };
    }
}
