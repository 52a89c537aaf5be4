package dev.parley.chat;

import dev.langchain4j.data.message.ChatMessage;
import dev.parley.conversation.ConversationId;
import dev.parley.model.ChatParameters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a turn is asked for, whichever endpoint asks.
///
/// @param model the alias
/// @param messages new ones; what the conversation remembers is not among them
/// @param retrieval where to look for passages; null for nowhere
/// @param memory the conversation to remember from and to keep the turn in; null for none
record TurnRequest(
        String model,
        List<ChatMessage> messages,
        ChatParameters parameters,
        @Nullable Retrieval retrieval,
        @Nullable Memory memory) {

    /// @param historyTokens the request's own budget for remembered items; null for the configured one
    record Memory(ConversationId conversation, @Nullable Integer historyTokens) {}
}
