package dev.parley.conversation;

import org.jspecify.annotations.Nullable;

/// How much of a conversation a turn may remember, in tokens as [dev.parley.model.PromptTokens] counts them.
///
/// @param requested by the client; null for what is configured
/// @param available what the model's context window has left
public record MemoryBudget(@Nullable Integer requested, int available) {

    int tokens(int configured) {
        return Math.max(0, Math.min(requested == null ? configured : requested, available));
    }
}
