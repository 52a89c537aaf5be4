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
import dev.parley.tool.CallId;
import dev.parley.tool.ToolCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the `input` of a response into the neutral messages of the model feature. What an earlier response put out
/// may be sent back as it came: a text and the calls after it are one message again, searches and reasoning are left
/// out.
final class ResponseInputReader {

    private static final int MAX_TYPE = 64;
    private static final int MAX_REASON = 2000;

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
        if (messages.isEmpty() && !continues) {
            throw input.invalid("expected at least one message.");
        }
        return messages;
    }

    /// What the input decides about calls that wait.
    static List<ToolCalls.Decision> decisions(JsonField input, int maxItems) {
        if (input.value().isTextual()) {
            return List.of();
        }
        return input.items(maxItems).stream()
                .filter(item -> item.value().path("type").asText().equals("mcp_approval_response"))
                .map(ResponseInputReader::decision)
                .toList();
    }

    private static ToolCalls.Decision decision(JsonField item) {
        item.allowOnly(Set.of("type", "id", "approval_request_id", "approve", "reason"));
        JsonField id = item.get("approval_request_id");
        return new ToolCalls.Decision(
                CallId.find(id.text(MAX_TYPE))
                        .orElseThrow(() -> id.invalid("it is not the id of an approval request.")),
                item.get("approve").bool(),
                item.find("reason").map(reason -> reason.text(MAX_REASON)).orElse(null));
    }

    private final class Reading {

        private final ToolCallPairs pairs;
        private final List<ChatMessage> messages = new ArrayList<>();
        private final List<ToolExecutionRequest> calls = new ArrayList<>();
        private final List<ToolExecutionResultMessage> results = new ArrayList<>();
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
                case ResponseItem.McpCall.TYPE -> made(item);
                case ResponseItem.McpApprovalRequest.TYPE -> waiting(item);
                case "reasoning", "file_search_call", "mcp_approval_response", "mcp_list_tools" -> {}
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
                    messages.add(UserMessage.from(content.user(text)));
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
            if (!results.isEmpty()) {
                endAnswer();
            }
            add(content.call(item), item);
        }

        private void add(ToolExecutionRequest call, JsonField item) {
            calls.add(call);
            answerAt = answerAt == null ? item : answerAt;
        }

        /// A call of a tool of this side, as an earlier response put it out. One that had waited for an approval was
        /// asked for before.
        private void made(JsonField item) {
            Optional<JsonField> approval = item.find("approval_request_id");
            String id = content.id(approval.orElseGet(() -> item.get("id")));
            ToolExecutionResultMessage result = content.serverResult(item, approval.isPresent() ? callId(id) : id);
            if (approval.isPresent()) {
                endAnswer();
                pairs.answer(approval.get(), result.id());
                messages.add(result);
            } else {
                add(content.serverCall(item, id), item);
                results.add(result);
            }
        }

        private void waiting(JsonField item) {
            add(content.serverCall(item, callId(content.id(item.get("id")))), item);
        }

        private static String callId(String approval) {
            return CallId.find(approval).map(CallId::toString).orElse(approval);
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
            for (ToolExecutionResultMessage result : results) {
                pairs.answer(answerAt, result.id());
                messages.add(result);
            }
            calls.clear();
            results.clear();
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
