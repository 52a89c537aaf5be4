package dev.parley.model;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Tool calls of a conversation that goes on without tools. OpenAI takes them as they are; other protocols refuse
/// calls in a request that defines no tools, so there they become text.
public final class ToolHistory {

    private ToolHistory() {}

    public static List<ChatMessage> asText(List<ChatMessage> messages) {
        return messages.stream().map(ToolHistory::asText).toList();
    }

    private static ChatMessage asText(ChatMessage message) {
        return switch (message) {
            case AiMessage assistant when assistant.hasToolExecutionRequests() -> asText(assistant);
            case ToolExecutionResultMessage result ->
                UserMessage.from("Result of the call %s: %s".formatted(result.id(), result.text()));
            default -> message;
        };
    }

    private static AiMessage asText(AiMessage assistant) {
        Stream<String> calls = assistant.toolExecutionRequests().stream()
                .map(call -> "Call %s: %s(%s)".formatted(call.id(), call.name(), call.arguments()));
        return AiMessage.from(Stream.concat(Stream.ofNullable(assistant.text()), calls)
                .filter(line -> !line.isEmpty())
                .collect(Collectors.joining("\n")));
    }
}
