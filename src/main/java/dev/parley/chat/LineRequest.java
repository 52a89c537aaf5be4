package dev.parley.chat;

import dev.parley.idempotency.IdempotencyKey;
import dev.parley.identity.Caller;
import dev.parley.invocation.Deadline;
import java.util.Objects;

/// A request that nobody waits for.
///
/// @param key names it for good: run again under the same key it gets the outcome of the first time
/// @param body JSON
/// @param requestId in logs and receipts
/// @param deadline by when it must have ended
public record LineRequest(Caller caller, String key, byte[] body, String requestId, Deadline deadline) {

    /// @param request method and path of what the line does
    public IdempotencyKey idempotencyKey(String request) {
        return Objects.requireNonNull(IdempotencyKey.of(key, request, body));
    }
}
