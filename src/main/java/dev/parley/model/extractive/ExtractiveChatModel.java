package dev.parley.model.extractive;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.parley.model.Passage;
import dev.parley.model.Passages;
import java.util.List;
import java.util.Set;

/// Answers by quoting the best sentences of the request's [Passages], each with its `[n]`; says so when there are no
/// passages or nothing in them fits. Tools are ignored.
///
/// Streams word by word on the calling thread; a handler may cancel between words, and hears nothing more.
///
/// Fails with [UnsupportedFeatureException], before it says anything, when JSON is asked for.
public final class ExtractiveChatModel implements ChatModel, StreamingChatModel {

    private static final String NAME = "extractive";

    private final Tokens tokens = new Tokens();

    @Override
    public ChatResponse doChat(ChatRequest request) {
        if (request.responseFormat() != null && request.responseFormat().type() == ResponseFormatType.JSON) {
            throw new UnsupportedFeatureException("The extractive model quotes; it cannot answer in JSON");
        }
        return Completion.of(Reply.to(answer(request.messages())), request, tokens)
                .response(modelName(request));
    }

    /// A search that found nothing leaves an empty block: then there were documents, and none fits.
    private static Answer answer(List<ChatMessage> messages) {
        List<Passage> passages = Passages.in(messages);
        return passages.isEmpty() && Passages.areIn(messages)
                ? new Answer.NothingFits()
                : Extraction.answer(Asked.in(messages), passages);
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        ChatResponse response = doChat(request);
        AiMessage message = response.aiMessage();
        if (WordStream.to(handler, message.text())) {
            handler.onCompleteResponse(response);
        }
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return DefaultChatRequestParameters.EMPTY;
    }

    @Override
    public List<ChatModelListener> listeners() {
        return List.of();
    }

    @Override
    public ModelProvider provider() {
        return ModelProvider.OTHER;
    }

    @Override
    public Set<Capability> supportedCapabilities() {
        return Set.of();
    }

    private static String modelName(ChatRequest request) {
        return request.modelName() == null ? NAME : request.modelName();
    }
}
