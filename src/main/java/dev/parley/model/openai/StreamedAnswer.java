package dev.parley.model.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.internal.OpenAiUtils;
import dev.langchain4j.model.openai.internal.chat.ChatCompletionResponse;
import dev.langchain4j.model.openai.internal.chat.Delta;
import dev.langchain4j.model.openai.internal.chat.ToolCall;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.parley.model.ProviderError;
import dev.parley.model.ProviderFailure;
import dev.parley.model.Refusal;
import dev.parley.postgres.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Puts the chunks of a stream together.
final class StreamedAnswer {

    private static final Pattern REFUSAL = Pattern.compile("\"refusal\"\\s*:\\s*\"");

    private final Json json;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder refusal = new StringBuilder();
    private final Map<Integer, Call> calls = new TreeMap<>();
    private @Nullable String id;
    private @Nullable String model;
    private @Nullable TokenUsage usage;
    private @Nullable FinishReason finishReason;

    private static final class Call {
        private String id = "";
        private String name = "";
        private final StringBuilder arguments = new StringBuilder();
    }

    StreamedAnswer(Json json) {
        this.json = json;
    }

    void append(ChatCompletionResponse chunk, String raw) {
        ifPresent(chunk.id(), value -> id = value);
        ifPresent(chunk.model(), value -> model = value);
        ifPresent(OpenAiUsage.of(chunk.usage()), value -> usage = value);
        if (chunk.choices() == null || chunk.choices().isEmpty()) {
            checkError(raw);
            return;
        }
        var choice = chunk.choices().getFirst();
        ifPresent(choice.finishReason(), value -> finishReason = finishReason(value));
        if (choice.delta() != null) {
            ifPresent(choice.delta().content(), text::append);
        }
    }

    /// The refusal's piece in a chunk, empty for none. LangChain4j's chunk has no field for it.
    String refusalPiece(String raw) {
        String piece = REFUSAL.matcher(raw).find()
                ? read(raw).at("/choices/0/delta/refusal").asText("")
                : "";
        refusal.append(piece);
        return piece;
    }

    /// The tool-call pieces of a chunk, each with the id and name of its call.
    Stream<PartialToolCall> toolCallPieces(Delta delta) {
        List<ToolCall> pieces = delta.toolCalls() == null ? List.of() : delta.toolCalls();
        return pieces.stream()
                .map(this::append)
                .filter(piece -> !piece.arguments().isEmpty())
                .map(piece -> PartialToolCall.builder()
                        .index(piece.index())
                        .id(piece.call().id)
                        .name(piece.call().name)
                        .partialArguments(piece.arguments())
                        .build());
    }

    void complete(StreamingChatResponseHandler handler) {
        List<ToolExecutionRequest> requests = toolCalls();
        if (finishReason != null) {
            announce(requests, handler);
        }
        handler.onCompleteResponse(ChatResponse.builder()
                .aiMessage(message(requests))
                .id(id)
                .modelName(model)
                .tokenUsage(usage)
                .finishReason(finishReason)
                .build());
    }

    private AiMessage message(List<ToolExecutionRequest> requests) {
        if (!refusal.isEmpty()) {
            return Refusal.message(text.isEmpty() ? null : text.toString(), refusal.toString());
        }
        return AiMessage.builder()
                .text(text.isEmpty() && !calls.isEmpty() ? null : text.toString())
                .toolExecutionRequests(requests)
                .build();
    }

    /// A call without arguments had no piece to tell.
    private void announce(List<ToolExecutionRequest> requests, StreamingChatResponseHandler handler) {
        List<Integer> indexes = List.copyOf(calls.keySet());
        for (int i = 0; i < requests.size(); i++) {
            handler.onCompleteToolCall(new CompleteToolCall(indexes.get(i), requests.get(i)));
        }
    }

    private record Piece(int index, Call call, String arguments) {}

    private Piece append(ToolCall piece) {
        int index = piece.index() == null ? Math.max(0, calls.size() - 1) : piece.index();
        Call call = calls.computeIfAbsent(index, key -> new Call());
        ifPresent(piece.id(), value -> call.id = value);
        if (piece.function() == null) {
            return new Piece(index, call, "");
        }
        ifPresent(piece.function().name(), value -> call.name = value);
        String arguments =
                piece.function().arguments() == null ? "" : piece.function().arguments();
        call.arguments.append(arguments);
        return new Piece(index, call, arguments);
    }

    private List<ToolExecutionRequest> toolCalls() {
        return calls.values().stream()
                .map(call -> ToolExecutionRequest.builder()
                        .id(call.id)
                        .name(call.name)
                        .arguments(call.arguments.isEmpty() ? "{}" : call.arguments.toString())
                        .build())
                .toList();
    }

    private static FinishReason finishReason(String value) {
        FinishReason known = OpenAiUtils.finishReasonFrom(value);
        return known == null ? FinishReason.OTHER : known;
    }

    /// Gateways such as OpenRouter report a failure behind status 200 as an event of its own.
    private void checkError(String raw) {
        if (raw.contains("\"error\"") && read(raw).path("error").isObject()) {
            throw new ProviderFailure(new ProviderError.BrokenOff());
        }
    }

    private JsonNode read(String raw) {
        try {
            return json.read(raw, JsonNode.class);
        } catch (IllegalArgumentException malformed) {
            throw new ProviderFailure(new ProviderError.Malformed(), malformed);
        }
    }

    private static <T> void ifPresent(@Nullable T value, Consumer<T> use) {
        if (value != null) {
            use.accept(value);
        }
    }
}
