package dev.parley.chat.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.parley.tool.CallId;
import java.util.ArrayList;
import java.util.List;

/// The items of a stored response's output as the messages that models take: texts and the calls after them are one
/// message, after which come the results of calls of this side's tools.
final class OutputMessages {

    private final List<ChatMessage> messages = new ArrayList<>();
    private final List<ChatMessage> resumed = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private final List<ToolExecutionRequest> calls = new ArrayList<>();
    private final List<ChatMessage> results = new ArrayList<>();

    void add(JsonNode item) {
        switch (item.path("type").asText()) {
            case "message" -> {
                endAnswer();
                item.path("content").forEach(part -> {
                    add(part.path("text"), texts);
                    add(part.path("refusal"), refusals);
                });
            }
            case "function_call" -> {
                if (!results.isEmpty()) { // a client's calls are the first of their answer, and of the last one
                    endAnswer();
                }
                if (item.path("status").asText().equals(ResponseItem.COMPLETED)) {
                    calls.add(call(item.path("call_id").asText(), item));
                }
            }
            case ResponseItem.McpApprovalRequest.TYPE -> calls.add(call(waiting(item.path("id")), item));
            case ResponseItem.McpCall.TYPE -> made(item);
            default -> {}
        }
    }

    /// One that waited for an approval was asked for in an earlier response.
    private void made(JsonNode item) {
        JsonNode approval = item.path("approval_request_id");
        if (approval.isTextual()) {
            resumed.add(result(waiting(approval), item));
            return;
        }
        String id = item.path("id").asText();
        calls.add(call(id, item));
        results.add(result(id, item));
    }

    /// What came of calls that earlier responses asked for.
    List<ChatMessage> resumed() {
        return resumed;
    }

    List<ChatMessage> end() {
        endAnswer();
        return messages;
    }

    private void endAnswer() {
        if (!texts.isEmpty() || !refusals.isEmpty() || !calls.isEmpty()) {
            AiMessage said = ResponseInputReader.answer(texts, refusals);
            messages.add(
                    said.toBuilder().toolExecutionRequests(List.copyOf(calls)).build());
            messages.addAll(results);
            texts.clear();
            refusals.clear();
            calls.clear();
            results.clear();
        }
    }

    private static void add(JsonNode text, List<String> texts) {
        if (text.isTextual()) {
            texts.add(text.textValue());
        }
    }

    /// The id that the call has in prompts.
    static String waiting(JsonNode approval) {
        return CallId.find(approval.asText()).map(CallId::toString).orElse("");
    }

    private static ToolExecutionRequest call(String id, JsonNode item) {
        return ToolExecutionRequest.builder()
                .id(id)
                .name(item.path("name").asText())
                .arguments(item.path("arguments").asText())
                .build();
    }

    private static ToolExecutionResultMessage result(String id, JsonNode item) {
        boolean failed = item.path("error").isTextual();
        return ToolExecutionResultMessage.builder()
                .id(id)
                .toolName(item.path("name").asText())
                .text(item.path(failed ? "error" : "output").asText())
                .isError(failed)
                .build();
    }
}
