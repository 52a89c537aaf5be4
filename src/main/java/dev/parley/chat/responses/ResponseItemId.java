package dev.parley.chat.responses;

import dev.parley.postgres.Ids;
import java.util.Optional;
import java.util.UUID;

/// Where an item of a response is found: an id needs no index of its own, and is the same whenever the response is
/// read.
///
/// @param place counts from 0
record ResponseItemId(UUID turn, Side side, int place) {

    private static final int UUID_DIGITS = 32;
    private static final int MAX_PLACE_DIGITS = 6;

    /// Whether a client or the model said it.
    enum Side {
        INPUT('i'),
        OUTPUT('o');

        private final char letter;

        Side(char letter) {
            this.letter = letter;
        }
    }

    /// @param prefix for the type of item
    String text(String prefix) {
        return Ids.format(prefix, turn) + side.letter + Integer.toHexString(place);
    }

    /// Empty when the text is the id of something else. Its prefix may be any.
    static Optional<ResponseItemId> parse(String text) {
        int start = text.indexOf('_') + 1;
        int letter = start + UUID_DIGITS;
        if (start == 0 || text.length() < letter + 2 || text.length() > letter + 1 + MAX_PLACE_DIGITS) {
            return Optional.empty();
        }
        try {
            int place = Integer.parseUnsignedInt(text, letter + 1, text.length(), 16);
            return side(text.charAt(letter))
                    .flatMap(side -> Ids.parse("", text.substring(start, letter))
                            .map(turn -> new ResponseItemId(turn, side, place)))
                    .filter(id -> id.text(text.substring(0, start)).equals(text));
        } catch (NumberFormatException notHexadecimal) {
            return Optional.empty();
        }
    }

    private static Optional<Side> side(char letter) {
        for (Side side : Side.values()) {
            if (side.letter == letter) {
                return Optional.of(side);
            }
        }
        return Optional.empty();
    }
}
