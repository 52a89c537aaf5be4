package dev.parley.model.anthropic;

import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParsingHandleUtils;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.parley.model.ProviderError;
import dev.parley.model.ProviderFailure;
import dev.parley.postgres.Json;

/// Streamed answers. The call returns when the stream has ended.
record AnthropicStream(MessagesApi api, AnthropicRequests requests, Json json) implements StreamingChatModel {

    @Override
    public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
        api.stream(requests.convert(request), new Listener(new StreamedMessage(handler), handler, json));
    }

    private record Listener(StreamedMessage message, StreamingChatResponseHandler handler, Json json)
            implements ServerSentEventListener {

        @Override
        public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
            try {
                message.hear(
                        json.tree(event.data()),
                        ServerSentEventParsingHandleUtils.toStreamingHandle(context.parsingHandle()));
            } catch (IllegalArgumentException notJson) {
                end(context, new ProviderFailure(new ProviderError.Malformed(), notJson));
            } catch (RuntimeException failure) {
                end(context, failure);
            }
        }

        private void end(ServerSentEventContext context, RuntimeException failure) {
            context.parsingHandle().cancel();
            handler.onError(failure);
        }

        @Override
        public void onError(Throwable failure) {
            handler.onError(failure);
        }

        @Override
        public void onClose() {
            message.complete();
        }
    }
}
