package dev.parley.model;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// The answer of a protocol that streams blocks of text and of tool calls: tells a handler the pieces as they come,
/// and the whole at the end.
public final class StreamedParts {

    private final StreamingChatResponseHandler handler;
    private final StringBuilder text = new StringBuilder();
    private final Map<Integer, Call> calls = new LinkedHashMap<>();

    public StreamedParts(StreamingChatResponseHandler handler) {
        this.handler = handler;
    }

    /// @param index among the calls, from 0
    private record Call(int index, String id, String name, StringBuilder arguments) {

        ToolExecutionRequest request() {
            return ToolExecutionRequest.builder()
                    .id(id)
                    .name(name)
                    .arguments(arguments.isEmpty() ? "{}" : arguments.toString())
                    .build();
        }
    }

    public void text(String delta, StreamingHandle handle) {
        if (!delta.isEmpty()) {
            text.append(delta);
            handler.onPartialResponse(new PartialResponse(delta), new PartialResponseContext(handle));
        }
    }

    /// @param block the call's place among the blocks, as the protocol counts them
    public void startCall(int block, String id, String name) {
        calls.put(block, new Call(calls.size(), id, name, new StringBuilder()));
    }

    /// @throws ProviderFailure for a call that has not begun
    public void arguments(int block, String delta, StreamingHandle handle) {
        Call call = calls.get(block);
        if (call == null) {
            throw new ProviderFailure(new ProviderError.Malformed());
        }
        if (!delta.isEmpty()) {
            call.arguments.append(delta);
            handler.onPartialToolCall(
                    PartialToolCall.builder()
                            .index(call.index)
                            .id(call.id)
                            .name(call.name)
                            .partialArguments(delta)
                            .build(),
                    new PartialToolCallContext(handle));
        }
    }

    /// @param more what is known of the answer besides; without a finish reason it broke off
    public void complete(UnaryOperator<ChatResponse.Builder> more) {
        List<ToolExecutionRequest> requests = new ArrayList<>();
        calls.values().forEach(call -> requests.add(call.request()));
        ChatResponse response = more.apply(ChatResponse.builder()
                        .aiMessage(AiMessage.builder()
                                .text(text.isEmpty() && !requests.isEmpty() ? null : text.toString())
                                .toolExecutionRequests(requests)
                                .build()))
                .build();
        if (response.finishReason() != null) {
            // A call without arguments had no piece to tell.
            calls.values()
                    .forEach(call -> handler.onCompleteToolCall(new CompleteToolCall(call.index, call.request())));
        }
        handler.onCompleteResponse(response);
    }
}
