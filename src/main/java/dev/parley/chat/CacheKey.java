package dev.parley.chat;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.parley.model.ChatParameters;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/// What must be the same for two turns to have the same answer: the model, the whole prompt, and each parameter that
/// changes what a model says.
final class CacheKey {

    private final MessageDigest digest;

    private CacheKey() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) { // every Java has it
            throw new IllegalStateException(impossible);
        }
    }

    /// SHA-256.
    static byte[] of(String model, ChatRequest prompt, ChatParameters parameters) {
        var key = new CacheKey();
        key.add(model);
        for (ChatMessage message : prompt.messages()) {
            key.add(message);
        }
        key.add(parameters.temperature());
        key.add(parameters.topP());
        key.add(parameters.frequencyPenalty());
        key.add(parameters.presencePenalty());
        key.add(parameters.maxOutputTokens());
        key.add(parameters.stopSequences());
        key.add(parameters.responseFormat());
        key.add(parameters.strictJsonSchema());
        key.add(parameters.seed());
        return key.digest.digest();
    }

    /// With its length before it, so that no two lists of parts are the same bytes.
    private void add(@Nullable Object part) {
        byte[] text = String.valueOf(part).getBytes(StandardCharsets.UTF_8);
        digest.update(Integer.toString(text.length).getBytes(StandardCharsets.US_ASCII));
        digest.update((byte) ':');
        digest.update(text);
    }
}
