package dev.parley.chat;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.parley.conversation.Folded;
import dev.parley.conversation.Remembered;
import dev.parley.tool.ToolResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a turn has gathered before it generates.
///
/// @param memory null when the turn continues nothing
/// @param resumed calls of an earlier turn that were decided since
/// @param asked what the client said, with what came of those
/// @param continued the remembered turn whose tool calls the request answers; null if it answers none
record Draft(
        Evidence evidence,
        @Nullable Folded memory,
        List<ToolResult> resumed,
        List<ChatMessage> asked,
        Remembered.@Nullable OpenTurn continued,
        ChatRequest prompt) {

    @Nullable
    Remembered remembered() {
        return memory == null ? null : memory.remembered();
    }
}
