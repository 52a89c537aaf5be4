package dev.parley.conversation;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.parley.model.Refusal;
import dev.parley.model.UserText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Items as the messages that models take, and back. A model's answer is one message; its text and its calls are
/// items of their own.
final class ItemMessages {

    private final List<ChatMessage> messages = new ArrayList<>();
    private final Map<String, String> toolNames = new HashMap<>();
    private final List<ToolExecutionRequest> calls = new ArrayList<>();
    private @Nullable String answer;

    private ItemMessages() {}

    /// Instructions have no item: they belong to a request, not to what was said.
    static Stream<Item> items(ChatMessage message) {
        return switch (message) {
            case UserMessage user -> Stream.of(Item.Message.user(UserText.withoutImages(user), user.name()));
            case ToolExecutionResultMessage result ->
                Stream.of(new Item.FunctionCallOutput(result.id(), result.text()));
            case AiMessage assistant -> Stream.concat(said(assistant), calls(assistant));
            default -> Stream.empty();
        };
    }

    /// Nothing for an answer without text, such as one that a provider's filter left empty.
    private static Stream<Item> said(AiMessage assistant) {
        Stream<Item> text = Stream.ofNullable(assistant.text())
                .filter(said -> !said.isEmpty())
                .map(Item.Message::assistant);
        return Stream.concat(text, Refusal.of(assistant).map(Item.Message::refusal).stream());
    }

    private static Stream<Item> calls(AiMessage assistant) {
        return assistant.toolExecutionRequests().stream()
                .map(call -> new Item.FunctionCall(call.id(), call.name(), call.arguments()));
    }

    static List<ChatMessage> messages(List<Item> items) {
        var converted = new ItemMessages();
        items.forEach(converted::add);
        converted.endAnswer();
        return converted.messages;
    }

    private void add(Item item) {
        switch (item) {
            case Item.FunctionCall call -> addCall(call);
            case Item.Message message
            when message.isUsers() -> {
                endAnswer();
                messages.add(user(message));
            }
            case Item.Message message -> {
                endAnswer();
                answer = message.text();
            }
            case Item.FunctionCallOutput output -> {
                endAnswer();
                messages.add(result(output));
            }
        }
    }

    private void addCall(Item.FunctionCall call) {
        toolNames.put(call.callId(), call.name());
        calls.add(ToolExecutionRequest.builder()
                .id(call.callId())
                .name(call.name())
                .arguments(call.arguments())
                .build());
    }

    private void endAnswer() {
        if (answer == null && calls.isEmpty()) {
            return;
        }
        messages.add(AiMessage.builder()
                .text(answer)
                .toolExecutionRequests(List.copyOf(calls))
                .build());
        answer = null;
        calls.clear();
    }

    private static UserMessage user(Item.Message message) {
        return message.name() == null
                ? UserMessage.from(message.text())
                : UserMessage.from(message.name(), message.text());
    }

    private ToolExecutionResultMessage result(Item.FunctionCallOutput output) {
        return ToolExecutionResultMessage.builder()
                .id(output.callId())
                .toolName(toolNames.getOrDefault(output.callId(), ""))
                .text(output.output())
                .build();
    }
}
