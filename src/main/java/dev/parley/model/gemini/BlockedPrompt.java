package dev.parley.model.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.model.AnswerCheck;
import dev.parley.model.ProviderError;
import dev.parley.model.ProviderFailure;
import dev.parley.postgres.Json;

/// Gemini answers a prompt that it blocks with status 200, no candidates and `promptFeedback.blockReason`; LangChain4j
/// reads only candidates. It is the request that was refused, so it is an error, as where other providers answer 400.
record BlockedPrompt(Json json) implements AnswerCheck {

    @Override
    public void check(String answer) {
        if (!answer.contains("\"blockReason\"")) {
            return;
        }
        String reason = json.read(answer, JsonNode.class)
                .at("/promptFeedback/blockReason")
                .asText("");
        if (!reason.isEmpty()) {
            throw new ProviderFailure(
                    new ProviderError.Refused("The provider blocked the prompt (%s).".formatted(reason)));
        }
    }
}
