package dev.parley.chat.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.parley.api.JsonField;
import dev.parley.chat.UsedPrompt;
import dev.parley.prompt.RenderedPrompt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a request carries of its prompt beside what it says itself: which version it was, and what has no other
/// place. [PromptExpansion] writes it into the prompt's object, where a client's request is refused for having it.
///
/// @param instructions before the request's own
public record ResolvedPrompt(
        UsedPrompt used,
        List<ChatMessage> instructions,
        List<String> stop,
        @Nullable Integer seed) {

    private static final String MEMBER = "resolved";

    /// Pins the version as well.
    static void write(ObjectNode reference, RenderedPrompt prompt, ArrayNode messages) {
        reference.put("id", prompt.id());
        reference.put("version", Integer.toString(prompt.version()));
        reference.remove("label");
        ObjectNode resolved = reference.putObject(MEMBER);
        resolved.put("name", prompt.name()).put("label", prompt.label()).set("messages", messages);
        for (String setting : List.of("stop", "seed")) {
            if (prompt.settings().has(setting)) {
                resolved.set(setting, prompt.settings().get(setting));
            }
        }
    }

    /// @param reference an expanded one; empty for a request without a prompt, or as its client sent it
    public static Optional<ResolvedPrompt> read(Optional<JsonField> reference) {
        return reference.filter(field -> field.value().path(MEMBER).isObject()).map(field -> read(field.value()));
    }

    private static ResolvedPrompt read(JsonNode reference) {
        JsonNode resolved = reference.get(MEMBER);
        var instructions = new ArrayList<ChatMessage>();
        var examples = new ArrayList<ChatMessage>();
        for (JsonNode message : resolved.path("messages")) {
            String text = message.path("content").asText();
            switch (message.path("role").asText()) {
                case "user" -> examples.add(UserMessage.from(text));
                case "assistant" -> examples.add(AiMessage.from(text));
                default -> instructions.add(SystemMessage.from(text));
            }
        }
        return new ResolvedPrompt(
                new UsedPrompt(
                        reference.path("id").asText(),
                        resolved.path("name").asText(),
                        reference.path("version").asInt(),
                        resolved.path("label").textValue(),
                        examples),
                instructions,
                texts(resolved.path("stop")),
                resolved.has("seed") ? resolved.path("seed").intValue() : null);
    }

    /// The prompt's object as responses repeat it.
    public static JsonNode shown(JsonNode reference) {
        return reference.isObject() ? reference.<ObjectNode>deepCopy().without(MEMBER) : reference;
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(each -> texts.add(each.asText()));
        return texts;
    }
}
