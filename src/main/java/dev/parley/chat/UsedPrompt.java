package dev.parley.chat;

import dev.langchain4j.data.message.ChatMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The prompt that a turn uses. Its instructions are among the turn's messages, because like a client's own they
/// are never remembered.
///
/// @param label null when the request named the version
/// @param examples what the prompt says before the conversation; it is part of every turn, and of no memory
public record UsedPrompt(
        String id, String name, int version, @Nullable String label, List<ChatMessage> examples) {}
