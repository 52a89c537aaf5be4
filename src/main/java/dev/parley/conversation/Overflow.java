package dev.parley.conversation;

import dev.parley.postgres.TenantId;
import org.jspecify.annotations.Nullable;

/// Turns that memory has no room for and no summary covers yet.
///
/// @param deletions how often items of the conversation had been deleted when this was read
/// @param previous the summary to go on from; null for none
/// @param keepFrom the sequence number of the first item that is not to be folded
/// @param kept what is remembered from there on
public record Overflow(
        TenantId tenant,
        ConversationId conversation,
        long deletions,
        @Nullable Summary previous,
        long keepFrom,
        Remembered kept) {

    /// The last item that is folded already; -1 for none.
    long after() {
        return previous == null ? -1 : previous.through().seq();
    }
}
