package dev.parley.chat;

import dev.parley.conversation.ConversationId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a turn continues.
sealed interface History {

    /// The request's own budget for what is remembered; null for the configured one.
    @Nullable
    Integer tokens();

    /// A conversation, which also keeps the turn.
    record OfConversation(
            ConversationId conversation, @Nullable Integer tokens) implements History {}

    /// A stored response and those before it.
    record OfResponse(UUID response, @Nullable Integer tokens) implements History {}
}
