package dev.parley.chat;

import dev.parley.conversation.ConversationId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a turn continues.
public sealed interface History {

    /// The request's own budget for what is remembered; null for the configured one.
    @Nullable
    Integer tokens();

    /// A conversation, which also keeps the turn.
    record OfConversation(
            ConversationId conversation, @Nullable Integer tokens) implements History {}

    /// A chain of stored answers.
    ///
    /// @param last the turn at its end
    record OfChain(UUID last, @Nullable Integer tokens) implements History {}
}
