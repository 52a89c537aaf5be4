package dev.parley.chat.embeddings;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.model.TokenArray;
import dev.parley.problem.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The body of `POST /v1/embeddings`.
@RegisterForReflection
record EmbeddingsRequest(
        @Nullable String model,
        @Nullable JsonNode input,
        @Nullable Integer dimensions,
        @JsonProperty("encoding_format") @Nullable String encodingFormat,
        @Nullable String user) {

    private static final int MAX_INPUTS = 2048;

    String requiredModel() {
        if (model == null || model.isBlank()) {
            throw Problem.missing("model");
        }
        return model;
    }

    /// The texts to embed, whether they came as text or as tokens.
    List<String> texts() {
        if (input == null || input.isNull()) {
            throw Problem.missing("input");
        }
        if (input.isTextual() || TokenArray.is(input)) {
            return List.of(text(input, "input"));
        }
        if (!input.isArray() || input.isEmpty() || input.size() > MAX_INPUTS) {
            throw Problem.invalid(
                    "input",
                    "'input' must be a string, an array of tokens, or an array of 1 to %d of either."
                            .formatted(MAX_INPUTS));
        }
        var texts = new ArrayList<String>(input.size());
        for (JsonNode each : input) {
            texts.add(text(each, "input[%d]".formatted(texts.size())));
        }
        return texts;
    }

    /// Whether vectors go out as base64 instead of numbers.
    boolean asBase64() {
        return switch (encodingFormat == null ? "float" : encodingFormat) {
            case "float" -> false;
            case "base64" -> true;
            default -> throw Problem.invalid("encoding_format", "'encoding_format' must be 'float' or 'base64'.");
        };
    }

    private static String text(JsonNode node, String param) {
        if (TokenArray.is(node)) {
            return TokenArray.text(node, param);
        }
        if (!node.isTextual()) {
            throw Problem.invalid(param, "'%s' must be a string or an array of tokens.".formatted(param));
        }
        if (node.textValue().isEmpty()) {
            throw Problem.invalid(param, "'%s' must not be empty.".formatted(param));
        }
        return node.textValue();
    }
}
