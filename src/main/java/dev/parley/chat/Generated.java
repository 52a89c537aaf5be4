package dev.parley.chat;

import dev.langchain4j.data.message.ChatMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A turn's result, and what of it its conversation keeps.
///
/// @param draft null when the turn failed before it was gathered
/// @param said what was asked and answered; empty when nothing is kept
record Generated(TurnResult result, @Nullable Draft draft, List<ChatMessage> said) {}
