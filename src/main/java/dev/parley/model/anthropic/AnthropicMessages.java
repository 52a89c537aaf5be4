package dev.parley.model.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.parley.model.Refusal;
import dev.parley.postgres.Json;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Writes messages in Anthropic's form: two roles take turns, results of tools are the user's, and all results of one
/// answer are one turn.
final class AnthropicMessages {

    private final Json json;
    private final ArrayNode array = JsonNodeFactory.instance.arrayNode();

    AnthropicMessages(Json json) {
        this.json = json;
    }

    ArrayNode array() {
        return array;
    }

    Optional<ObjectNode> lastBlock() {
        return Optional.of(array.path(array.size() - 1).path("content"))
                .map(content -> content.path(content.size() - 1))
                .filter(JsonNode::isObject)
                .map(ObjectNode.class::cast);
    }

    void add(ChatMessage message) {
        switch (message) {
            case UserMessage user -> user.contents().forEach(content -> add(turn("user"), content));
            case AiMessage assistant -> add(turn("assistant"), assistant);
            case ToolExecutionResultMessage result -> add(turn("user"), result);
            default -> throw new UnsupportedFeatureException("Not a message that Claude takes: " + message.type());
        }
    }

    /// The blocks of the turn that is under way, or of a new one.
    private ArrayNode turn(String role) {
        JsonNode last = array.path(array.size() - 1);
        return last.path("role").asText().equals(role)
                ? (ArrayNode) last.path("content")
                : array.addObject().put("role", role).putArray("content");
    }

    private static void add(ArrayNode blocks, Content content) {
        switch (content) {
            case TextContent text -> addText(blocks, text.text());
            case ImageContent image -> blocks.addObject().put("type", "image").set("source", source(image.image()));
            default -> throw new UnsupportedFeatureException("Claude takes no %s.".formatted(content.type()));
        }
    }

    private static ObjectNode source(Image image) {
        var source = JsonNodeFactory.instance.objectNode();
        return image.base64Data() == null
                ? source.put("type", "url").put("url", String.valueOf(image.url()))
                : source.put("type", "base64")
                        .put("media_type", image.mimeType())
                        .put("data", image.base64Data());
    }

    private void add(ArrayNode blocks, AiMessage assistant) {
        addText(blocks, assistant.text());
        addText(blocks, Refusal.of(assistant).orElse(null));
        for (ToolExecutionRequest call : assistant.toolExecutionRequests()) {
            blocks.addObject()
                    .put("type", "tool_use")
                    .put("id", call.id())
                    .put("name", call.name())
                    .set("input", arguments(call));
        }
    }

    /// A model may have written arguments that are no JSON; the call is then told without them.
    private JsonNode arguments(ToolExecutionRequest call) {
        try {
            JsonNode arguments = json.tree(call.arguments());
            return arguments.isObject() ? arguments : JsonNodeFactory.instance.objectNode();
        } catch (IllegalArgumentException notJson) {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    private static void add(ArrayNode blocks, ToolExecutionResultMessage result) {
        ObjectNode block = blocks.addObject().put("type", "tool_result").put("tool_use_id", result.id());
        addText(block.putArray("content"), result.text());
        if (Boolean.TRUE.equals(result.isError())) {
            block.put("is_error", true);
        }
    }

    /// Empty texts are refused.
    private static void addText(ArrayNode blocks, @Nullable String text) {
        if (text != null && !text.isBlank()) {
            blocks.addObject().put("type", "text").put("text", text);
        }
    }
}
