package dev.parley.model;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import java.util.Set;

/// Builds the chat models of one provider type; a bean per type.
public interface ChatProvider {

    /// As the catalog's `type` names it.
    String type();

    /// What its protocol can carry besides text. A model of the catalog may be able to do less, not more.
    Set<Capability> capabilities();

    /// Opens a model, once per alias and without I/O. It holds no state of a request and is used by many threads.
    Client open(ChatModelSettings model, ProviderSettings provider);

    /// @param whole throws what went wrong, a [ProviderFailure] where it knows
    /// @param streamed tells the handler the same; the handler is a [RefusalHandler]
    record Client(ChatModel whole, StreamingChatModel streamed) {}
}
