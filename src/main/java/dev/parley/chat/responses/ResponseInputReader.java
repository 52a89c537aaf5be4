package dev.parley.chat.responses;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.parley.api.JsonField;
import dev.parley.chat.ChatConfig;
import dev.parley.chat.request.ToolCallPairs;
import dev.parley.model.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the `input` of a response into the neutral messages of the model feature. What an earlier response put out
/// may be sent back as it came: a text and the calls after it are one message again, searches and reasoning are left
/// out.
final class ResponseInputReader {

    private static final int MAX_TYPE = 64;

    private final ResponseContentReader content;
    private final int maxItems;

    ResponseInputReader(ChatConfig config) {
        this.content = new ResponseContentReader(config);
        this.maxItems = config.maxMessages();
    }

    /// @param continues whether the items continue what is remembered
    List<ChatMessage> read(JsonField input, boolean continues) {
        if (input.value().isTextual()) {
            return List.of(UserMessage.from(content.text(input)));
        }
        var reading = new Reading(new ToolCallPairs(continues));
        input.items(maxItems).forEach(reading::item);
        List<ChatMessage> messages = reading.end();
        if (messages.isEmpty()) {
            throw input.invalid("expected at least one message.");
        }
        return messages;
    }

    private final class Reading {

        private final ToolCallPairs pairs;
        private final List<ChatMessage> messages = new ArrayList<>();
        private final List<ToolExecutionRequest> calls = new ArrayList<>();
        private @Nullable AiMessage said;
        private @Nullable JsonField answerAt;

        Reading(ToolCallPairs pairs) {
            this.pairs = pairs;
        }

        void item(JsonField item) {
            String type = item.find("type").map(field -> field.text(MAX_TYPE)).orElse("message");
            switch (type) {
                case "message" -> message(item);
                case "function_call" -> call(item);
                case "function_call_output" -> output(item);
                case "reasoning", "file_search_call" -> {}
                default -> throw item.get("type").unsupported("items of type '%s' are not served.".formatted(type));
            }
        }

        private void message(JsonField item) {
            item.allowOnly(Set.of("type", "role", "content", "id", "status", "phase"));
            JsonField text = item.get("content");
            switch (item.get("role").oneOf(Set.of("user", "assistant", "system", "developer"))) {
                case "user" -> {
                    endAnswer();
                    pairs.other();
                    messages.add(UserMessage.from(content.input(text)));
                }
                case "assistant" -> {
                    endAnswer();
                    said = content.answer(text);
                    answerAt = item;
                }
                default -> instruct(content.input(text));
            }
        }

        /// A blank one says nothing, and not every provider takes it.
        private void instruct(String text) {
            if (!text.isBlank()) {
                endAnswer();
                messages.add(SystemMessage.from(text));
            }
        }

        private void call(JsonField item) {
            calls.add(content.call(item));
            answerAt = answerAt == null ? item : answerAt;
        }

        private void output(JsonField item) {
            endAnswer();
            item.allowOnly(Set.of("type", "id", "call_id", "output", "status"));
            JsonField id = item.get("call_id");
            String callId = content.id(id);
            messages.add(ToolExecutionResultMessage.builder()
                    .id(callId)
                    .toolName(pairs.answer(id, callId))
                    .text(content.input(item.get("output")))
                    .build());
        }

        private void endAnswer() {
            if (answerAt == null) {
                return;
            }
            AiMessage answer = said == null ? AiMessage.from(List.copyOf(calls)) : with(said, calls);
            pairs.calls(answerAt, answer);
            messages.add(answer);
            calls.clear();
            said = null;
            answerAt = null;
        }

        private static AiMessage with(AiMessage said, List<ToolExecutionRequest> calls) {
            return said.toBuilder().toolExecutionRequests(List.copyOf(calls)).build();
        }

        List<ChatMessage> end() {
            endAnswer();
            pairs.other();
            return messages;
        }
    }

    /// What a model said, as an output message holds it.
    static AiMessage answer(List<String> texts, List<String> refusals) {
        String text = texts.isEmpty() ? null : String.join("\n", texts);
        return refusals.isEmpty()
                ? AiMessage.builder().text(text).build()
                : Refusal.message(text, String.join("\n", refusals));
    }
}
