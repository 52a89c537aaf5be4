package dev.parley.usage;

import java.util.UUID;

/// The turn is no longer this owner's: its lease ran out and somebody else settled it or took its conversation.
public final class TurnLost extends RuntimeException {

    public TurnLost(UUID turn) {
        super("Turn %s is no longer ours".formatted(turn));
    }
}
