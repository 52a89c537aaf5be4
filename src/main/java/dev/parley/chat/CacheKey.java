package dev.parley.chat;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.parley.model.ChatParameters;
import dev.parley.model.ModelIdentity;
import dev.parley.postgres.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// What must be the same for two turns to have the same answer: the model behind the alias, the whole prompt, and each
/// parameter that changes what a model says, which is all but who the end user is. Knowledge has no version of its own
/// here: passages are part of the prompt, word by word.
final class CacheKey {

    private final MessageDigest digest;

    private CacheKey() {
        digest = Sha256.digest();
    }

    /// SHA-256.
    static byte[] of(String alias, ModelIdentity model, ChatRequest prompt) {
        var key = new CacheKey();
        key.add(alias);
        key.add(model);
        key.add(prompt.messages().size());
        for (ChatMessage message : prompt.messages()) {
            key.add(message);
        }
        key.add((ChatParameters) prompt.parameters());
        return key.digest.digest();
    }

    private void add(ChatParameters parameters) {
        add(parameters.modelName());
        add(parameters.temperature());
        add(parameters.topP());
        add(parameters.topK());
        add(parameters.frequencyPenalty());
        add(parameters.presencePenalty());
        add(parameters.maxOutputTokens());
        add(parameters.stopSequences());
        add(parameters.toolSpecifications());
        add(parameters.toolChoice());
        add(parameters.parallelToolCalls());
        add(parameters.responseFormat());
        add(parameters.strictJsonSchema());
        add(parameters.seed());
    }

    /// With its length before it, so that no two lists of parts are the same bytes.
    private void add(@Nullable Object part) {
        byte[] text = String.valueOf(part).getBytes(StandardCharsets.UTF_8);
        digest.update(Integer.toString(text.length).getBytes(StandardCharsets.US_ASCII));
        digest.update((byte) ':');
        digest.update(text);
    }
}
