package dev.parley.chat.request;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.parley.api.JsonField;
import dev.parley.tool.CallId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Holds a request to what every provider demands: each tool call is answered by a tool message right after it, and
/// each tool message answers a call.
public final class ToolCallPairs {

    private final Map<String, String> unanswered = new LinkedHashMap<>();
    private @Nullable JsonField callsAt;
    private boolean continuesConversation;

    /// @param continuesConversation whether tool messages at the start may answer calls that are remembered; those are
    /// checked once the memory is there
    public ToolCallPairs(boolean continuesConversation) {
        this.continuesConversation = continuesConversation;
    }

    /// The name of the tool that a tool message answers for; empty when memory has to tell.
    public String answer(JsonField toolCallId, String id) {
        String name = unanswered.remove(id);
        if (name == null && continuesConversation) {
            return "";
        }
        if (name == null) {
            throw toolCallId.invalid("'%s' answers no tool call of the assistant message before it.".formatted(id));
        }
        return name;
    }

    /// @param at where the calls are in the request
    public void calls(JsonField at, AiMessage assistant) {
        other();
        for (ToolExecutionRequest call : assistant.toolExecutionRequests()) {
            if (unanswered.put(call.id(), call.name()) != null) {
                throw at.invalid("the id '%s' is used twice.".formatted(call.id()));
            }
        }
        callsAt = assistant.hasToolExecutionRequests() ? at : null;
    }

    /// A message of any other role, or the end.
    public void other() {
        continuesConversation = false;
        // Those of this side are answered here.
        unanswered.keySet().removeIf(id -> CallId.find(id).isPresent());
        if (callsAt != null && !unanswered.isEmpty()) {
            throw callsAt.invalid("every tool call must be answered right after it. Unanswered: %s."
                    .formatted(String.join(", ", List.copyOf(unanswered.keySet()))));
        }
    }
}
