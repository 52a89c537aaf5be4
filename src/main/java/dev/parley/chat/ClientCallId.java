package dev.parley.chat;

import dev.parley.postgres.Ids;
import java.util.Optional;
import java.util.UUID;

/// The id that a call of a client's function has where the turn has tools of this side too. It names the turn, so that
/// a client that sends the messages back without what happened here gets that put in their place again.
record ClientCallId(UUID turn, int place) {

    private static final String PREFIX = "call_";
    private static final int TURN_LENGTH = PREFIX.length() + 32;

    /// Empty for any other id.
    static Optional<ClientCallId> find(String text) {
        if (text.length() < TURN_LENGTH + 2 || text.charAt(TURN_LENGTH) != '_') {
            return Optional.empty();
        }
        try {
            int place = Integer.parseInt(text, TURN_LENGTH + 1, text.length(), 10);
            return Ids.parse(PREFIX, text.substring(0, TURN_LENGTH)).map(turn -> new ClientCallId(turn, place));
        } catch (NumberFormatException notOurs) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return Ids.format(PREFIX, turn) + "_" + place;
    }
}
