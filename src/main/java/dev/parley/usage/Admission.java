package dev.parley.usage;

import dev.parley.idempotency.IdempotencyKey;
import dev.parley.model.Bound;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Work that wants to be let in.
///
/// @param turn a new UUIDv7, which becomes its id
/// @param model the alias that is asked first
/// @param bound the most it may come to
/// @param key null when the client sent none
public record Admission(
        UUID turn,
        TurnKind kind,
        Payer payer,
        String model,
        Bound bound,
        @Nullable IdempotencyKey key,
        Thread thread) {

    /// What the work belongs to and what is kept of it.
    ///
    /// @param conversation locked until the turn ends; null for none
    /// @param previous the response it continues; null for none
    /// @param background whether a worker does it later
    /// @param stored whether it can be fetched by its id
    /// @param request encoded, for whoever does it later or looks at it; null to keep none
    public record Thread(
            @Nullable UUID conversation,
            @Nullable UUID previous,
            boolean background,
            boolean stored,
            byte @Nullable [] request) {

        public static final Thread NONE = new Thread(null, null, false, false, null);
    }
}
