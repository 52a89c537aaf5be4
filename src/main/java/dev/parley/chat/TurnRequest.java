package dev.parley.chat;

import dev.langchain4j.data.message.ChatMessage;
import dev.parley.conversation.ConversationId;
import dev.parley.model.ChatParameters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a turn is asked for, whichever endpoint asks.
///
/// @param model the alias
/// @param messagesAt the parameter that holds the messages
/// @param messages new ones; what is remembered is not among them
/// @param retrieval where to look for passages; null for nowhere
/// @param history what the turn continues; null for nothing
/// @param caching null when the request does not say
/// @param tools of this side; functions of the client are among the parameters
/// @param prompt the one that the request names; null for none
public record TurnRequest(
        String model,
        String messagesAt,
        List<ChatMessage> messages,
        ChatParameters parameters,
        @Nullable Retrieval retrieval,
        @Nullable History history,
        @Nullable Caching caching,
        ServerTools tools,
        @Nullable UsedPrompt prompt) {

    TurnRequest with(ChatParameters others) {
        return new TurnRequest(model, messagesAt, messages, others, retrieval, history, caching, tools, prompt);
    }

    TurnRequest with(ServerTools others) {
        return new TurnRequest(model, messagesAt, messages, parameters, retrieval, history, caching, others, prompt);
    }

    public TurnRequest withMessages(List<ChatMessage> others) {
        return new TurnRequest(model, messagesAt, others, parameters, retrieval, history, caching, tools, prompt);
    }

    /// What its prompt says before the conversation.
    List<ChatMessage> examples() {
        return prompt == null ? List.of() : prompt.examples();
    }

    /// The conversation that keeps the turn; null for none.
    @Nullable
    ConversationId conversation() {
        return history instanceof History.OfConversation of ? of.conversation() : null;
    }
}
