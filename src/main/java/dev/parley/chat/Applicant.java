package dev.parley.chat;

import dev.parley.idempotency.IdempotencyKey;
import dev.parley.identity.Caller;
import dev.parley.usage.TurnKind;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A request that wants to become a turn.
///
/// @param id of the turn
/// @param request whose output limit may still be open
/// @param key null when the client sent none
/// @param keeping what is kept of the turn
public record Applicant(
        UUID id,
        TurnKind kind,
        Caller caller,
        TurnRequest request,
        @Nullable IdempotencyKey key,
        Keeping keeping) {

    /// @param background whether a worker runs it
    /// @param stored whether it can be fetched by its id
    /// @param body the request as it came, for the worker and for who looks at its input; null to keep none
    public record Keeping(boolean background, boolean stored, byte @Nullable [] body) {
        public static final Keeping NOTHING = new Keeping(false, false, null);
    }

    /// Whether its outcome can be asked for again.
    boolean isKept() {
        return keeping.stored() || key != null;
    }
}
