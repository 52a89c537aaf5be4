package dev.parley.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a prompt gives to a turn.
///
/// @param label null when the turn named the version
/// @param messages with variables filled in
/// @param model null where the prompt leaves it to the turn
/// @param settings `temperature`, `top_p`, `max_output_tokens`, `response_format` (as chat completions have it),
/// `stop` and `seed`, where the prompt has them
/// @param tools names of tools that run on this side
/// @param knowledge as `parley` in a turn says where to look for passages; null for nowhere
public record RenderedPrompt(
        String id,
        String name,
        int version,
        @Nullable String label,
        List<PromptMessage> messages,
        @Nullable String model,
        JsonNode settings,
        List<String> tools,
        @Nullable JsonNode knowledge) {}
