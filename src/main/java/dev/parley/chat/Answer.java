package dev.parley.chat;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.parley.tool.ToolResult;
import java.util.List;

/// A turn's result.
///
/// @param response what the model said
/// @param citations of the passages its text names, in order
/// @param waiting calls of this side's tools that somebody has to approve
/// @param outOfTime whether it ends where the time of its function was up: what the conversation goes on from
public record Answer(
        ChatResponse response, List<Citation> citations, List<ToolResult> waiting, Receipt receipt, boolean outOfTime) {

    /// Whether the turn goes on once somebody has decided.
    public boolean requiresAction() {
        return !waiting.isEmpty();
    }
}
