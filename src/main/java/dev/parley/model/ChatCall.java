package dev.parley.model;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How one attempt asks a model: for the whole answer, or streamed to a listener.
sealed interface ChatCall {

    ChatRequest request();

    Answer ask(ChatProvider.Client client, Duration timeout);

    /// Whether something of an answer has reached the caller, which rules another attempt out.
    boolean isBegun();

    /// What had reached the caller.
    String partialText();

    /// What the model is known to have generated until the call broke off, tool calls included.
    String generated();

    /// @param timeToFirstToken null when not streamed
    /// @param cut what was generated of an answer that the caller cut short; null for a whole one
    record Answer(
            ChatResponse response,
            @Nullable Duration timeToFirstToken,
            @Nullable String cut) {}

    record Whole(ChatRequest request) implements ChatCall {

        @Override
        public Answer ask(ChatProvider.Client client, Duration timeout) {
            return new Answer(new ToolCallIds().complete(client.whole().chat(request)), null, null);
        }

        @Override
        public boolean isBegun() {
            return false;
        }

        @Override
        public String partialText() {
            return "";
        }

        @Override
        public String generated() {
            return "";
        }
    }

    final class Streamed implements ChatCall {

        private final ChatRequest request;
        private final GenerationListener listener;
        private @Nullable StreamBridge last;

        Streamed(ChatRequest request, GenerationListener listener) {
            this.request = request;
            this.listener = listener;
        }

        @Override
        public ChatRequest request() {
            return request;
        }

        @Override
        public Answer ask(ChatProvider.Client client, Duration timeout) {
            var bridge = new StreamBridge(listener);
            last = bridge;
            client.streamed().chat(request, bridge);
            ChatResponse response = bridge.await(timeout);
            return new Answer(response, bridge.timeToFirstToken(), bridge.isCancelled() ? bridge.generated() : null);
        }

        @Override
        public boolean isBegun() {
            return last != null && last.isBegun();
        }

        @Override
        public String partialText() {
            return last == null ? "" : last.text();
        }

        @Override
        public String generated() {
            return last == null ? "" : last.generated();
        }
    }
}
