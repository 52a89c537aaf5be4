package dev.parley.chat;

import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;

/// A turn's result.
///
/// @param response what the model said
/// @param citations of the passages its text names, in order
public record Answer(ChatResponse response, List<Citation> citations, Receipt receipt) {}
