package dev.parley.model;

import dev.langchain4j.model.output.FinishReason;
import java.util.Map;
import java.util.Set;

/// What a provider can do, as its contract verifies it: a column of the table in `docs/models.md`.
///
/// @param toolCallsInPieces whether streamed tool calls come in pieces, not whole
/// @param imagesByUrl whether it takes images by their address besides as data
/// @param writesHaveAPrice whether it counts what is written to its prompt cache
/// @param stopReasons in its own words, and what they mean
record ProviderFacts(
        String name,
        Set<Capability> capabilities,
        boolean toolCallsInPieces,
        boolean imagesByUrl,
        boolean writesHaveAPrice,
        Map<String, FinishReason> stopReasons) {

    boolean can(Capability capability) {
        return capabilities.contains(capability);
    }
}
