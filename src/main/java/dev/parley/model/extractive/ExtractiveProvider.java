package dev.parley.model.extractive;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.parley.model.ChatProvider;
import dev.parley.model.ProviderSettings;
import jakarta.enterprise.context.ApplicationScoped;

/// Opens the extractive model.
@ApplicationScoped
class ExtractiveProvider implements ChatProvider {

    @Override
    public String type() {
        return "extractive";
    }

    @Override
    public Client open(String modelName, ProviderSettings provider) {
        return new Client(new ExtractiveChat(), new ExtractiveStream());
    }

    /// Whole answers.
    private static final class ExtractiveChat implements dev.langchain4j.model.chat.ChatModel {

        @Override
        public ChatResponse chat(ChatRequest request) {
            return ExtractiveAnswer.to(request).response();
        }
    }

    /// Answers word by word.
    private static final class ExtractiveStream implements dev.langchain4j.model.chat.StreamingChatModel {

        @Override
        public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
            ExtractiveAnswer answer = ExtractiveAnswer.to(request);
            var handle = new Handle();
            for (String word : answer.text().split("(?<= )")) {
                if (handle.isCancelled()) {
                    return;
                }
                handler.onPartialResponse(new PartialResponse(word), new PartialResponseContext(handle));
            }
            handler.onCompleteResponse(answer.response());
        }
    }

    private static final class Handle implements StreamingHandle {

        private volatile boolean cancelled;

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }
    }
}
