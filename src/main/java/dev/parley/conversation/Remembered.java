package dev.parley.conversation;

import dev.langchain4j.data.message.ChatMessage;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a turn remembers of its conversation.
///
/// @param messages of whole turns, oldest first; every tool call among them has its result
/// @param tokens of those messages
/// @param open the newest turn, if it waits for results of tool calls; null if it does not
/// @param summary of the turns before them; null for none
public record Remembered(
        List<ChatMessage> messages,
        int tokens,
        @Nullable OpenTurn open,
        @Nullable Summary summary) {

    Remembered with(@Nullable Summary summary) {
        return new Remembered(messages, tokens, open, summary);
    }

    /// A turn whose tool calls the client has not answered yet.
    ///
    /// @param nextSeq where the conversation ended when this was read
    /// @param unanswered names of the called tools by call id
    public record OpenTurn(UUID id, long nextSeq, List<ChatMessage> messages, Map<String, String> unanswered) {}
}
