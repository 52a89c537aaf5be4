package dev.parley.model.openai;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.internal.OpenAiClient;
import dev.langchain4j.model.openai.internal.ParsedAndRawResponse;
import dev.langchain4j.model.openai.internal.chat.ChatCompletionResponse;
import dev.langchain4j.model.openai.internal.chat.Delta;
import dev.langchain4j.model.openai.internal.shared.StreamOptions;
import dev.parley.model.RefusalHandler;
import dev.parley.postgres.Json;

/// Streamed answers. The call returns when the stream has ended.
final class OpenAiStream implements StreamingChatModel {

    private final OpenAiClient client;
    private final OpenAiRequests requests;
    private final Json json;

    OpenAiStream(OpenAiClient client, OpenAiRequests requests, Json json) {
        this.json = json;
        this.client = client;
        this.requests = requests;
    }

    @Override
    public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
        var answer = new StreamedAnswer(json);
        var converted = requests.convert(request).stream(true)
                .streamOptions(StreamOptions.builder().includeUsage(true).build())
                .build();
        client.chatCompletion(converted)
                .onRawPartialResponse(chunk -> tell(chunk, answer, (RefusalHandler) handler))
                .onComplete(() -> answer.complete(handler))
                .onError(handler::onError)
                .execute();
    }

    private static void tell(
            ParsedAndRawResponse<ChatCompletionResponse> raw, StreamedAnswer answer, RefusalHandler handler) {
        ChatCompletionResponse chunk = raw.parsedResponse();
        String data =
                raw.rawServerSentEvent() == null ? "" : raw.rawServerSentEvent().data();
        answer.append(chunk, data);
        if (chunk.choices() == null || chunk.choices().isEmpty()) {
            return;
        }
        Delta delta = chunk.choices().getFirst().delta();
        if (delta == null) {
            return;
        }
        var context = new PartialResponseContext(raw.streamingHandle());
        if (delta.content() != null && !delta.content().isEmpty()) {
            handler.onPartialResponse(new PartialResponse(delta.content()), context);
        }
        String refusal = answer.refusalPiece(data);
        if (!refusal.isEmpty()) {
            handler.onPartialRefusal(refusal, context);
        }
        answer.toolCallPieces(delta)
                .forEach(piece -> handler.onPartialToolCall(piece, new PartialToolCallContext(raw.streamingHandle())));
    }
}
