package dev.parley.model;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The ids of one answer's tool calls. Some vendors, Gemini among them, give calls none; clients cannot do without, so
/// a call gets one when it is first seen and keeps it.
final class ToolCallIds {

    private final Map<Integer, String> announced = new TreeMap<>();

    /// The id of a streamed call, the same for all its pieces.
    String of(int index, @Nullable String given) {
        return announced.computeIfAbsent(index, first -> orNew(given));
    }

    boolean isAnnounced(int index) {
        return announced.containsKey(index);
    }

    /// The answer with an id for every call: its own, or the one it was announced with.
    ChatResponse complete(ChatResponse response) {
        AiMessage message = response.aiMessage();
        if (message.toolExecutionRequests().stream().noneMatch(call -> isMissing(call.id()))) {
            return response;
        }
        return response.toBuilder()
                .aiMessage(message.toBuilder()
                        .toolExecutionRequests(withIds(message.toolExecutionRequests()))
                        .build())
                .build();
    }

    private List<ToolExecutionRequest> withIds(List<ToolExecutionRequest> calls) {
        List<String> known = List.copyOf(announced.values());
        var complete = new ArrayList<ToolExecutionRequest>();
        for (ToolExecutionRequest call : calls) {
            String given =
                    isMissing(call.id()) && complete.size() < known.size() ? known.get(complete.size()) : call.id();
            complete.add(call.toBuilder().id(orNew(given)).build());
        }
        return complete;
    }

    private static String orNew(@Nullable String given) {
        return given == null || given.isBlank()
                ? "call_" + UUID.randomUUID().toString().replace("-", "")
                : given;
    }

    private static boolean isMissing(@Nullable String id) {
        return id == null || id.isBlank();
    }
}
