package dev.parley.chat;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.parley.conversation.Remembered;
import org.jspecify.annotations.Nullable;

/// What a turn has gathered before it generates.
///
/// @param remembered null without a conversation
/// @param continued the remembered turn whose tool calls the request answers; null if it answers none
record Draft(
        Evidence evidence,
        @Nullable Remembered remembered,
        Remembered.@Nullable OpenTurn continued,
        ChatRequest prompt) {}
