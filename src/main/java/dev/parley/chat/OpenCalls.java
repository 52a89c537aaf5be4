package dev.parley.chat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.parley.tool.CallId;
import dev.parley.tool.ToolResult;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Calls of this side's tools among what was said that have no result yet.
final class OpenCalls {

    private OpenCalls() {}

    static List<CallId> of(List<ChatMessage> messages) {
        Set<CallId> open = new LinkedHashSet<>();
        for (ChatMessage message : messages) {
            if (message instanceof AiMessage answer) {
                answer.toolExecutionRequests()
                        .forEach(call -> CallId.find(call.id()).ifPresent(open::add));
            } else if (message instanceof ToolExecutionResultMessage result) {
                CallId.find(result.id()).ifPresent(open::remove);
            }
        }
        return List.copyOf(open);
    }

    /// The messages with each result after the message that asked for it.
    static List<ChatMessage> answered(List<ChatMessage> messages, List<ToolResult> results) {
        Map<String, ToolResult> byId = results.stream()
                .collect(Collectors.toMap(result -> result.call().id().toString(), Function.identity()));
        List<ChatMessage> answered = new ArrayList<>();
        for (ChatMessage message : messages) {
            answered.add(message);
            if (message instanceof AiMessage answer) {
                for (ToolExecutionRequest call : answer.toolExecutionRequests()) {
                    ToolResult result = byId.remove(call.id());
                    if (result != null) {
                        answered.add(message(result));
                    }
                }
            }
        }
        return answered;
    }

    /// As models read it.
    static ToolExecutionResultMessage message(ToolResult result) {
        return ToolExecutionResultMessage.builder()
                .id(result.call().id().toString())
                .toolName(result.call().tool())
                .text(result.output())
                .isError(!result.isGood())
                .build();
    }
}
