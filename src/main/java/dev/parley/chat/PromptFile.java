package dev.parley.chat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// A prompt with one place for what belongs to the turn, from `src/main/resources/prompts`.
record PromptFile(String name, String template) {

    static PromptFile load(String name) {
        try (InputStream file = PromptFile.class.getResourceAsStream("/prompts/" + name)) {
            byte[] text = Objects.requireNonNull(file, name).readAllBytes();
            return new PromptFile(name, new String(text, StandardCharsets.UTF_8).strip());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// @param place as in the file: `{passages}`
    String with(String place, String text) {
        return template.replace(place, text);
    }
}
