package dev.parley.usage;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A turn as it is kept.
///
/// @param request encoded, null when none is kept
/// @param answer encoded, null when it has none: it is under way, failed early, or its owner died
/// @param abandoned whether its owner died, and somebody else settled it
/// @param leasedSequence the number of the event that tells of its owner's death
public record StoredTurn(
        UUID id,
        TurnKind kind,
        String model,
        TurnStatus status,
        Thread thread,
        byte @Nullable [] request,
        byte @Nullable [] answer,
        boolean abandoned,
        long leasedSequence,
        Instant createdAt,
        @Nullable Instant endedAt) {

    /// @param stored whether it can be fetched by its id
    public record Thread(
            @Nullable UUID conversation, @Nullable UUID previous, boolean background, boolean stored) {}
}
