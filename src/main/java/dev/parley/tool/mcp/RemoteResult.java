package dev.parley.tool.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.tool.ToolFailure;
import java.util.ArrayList;

/// What a remote tool answers, as text: what is no text is named, not passed on.
final class RemoteResult {

    private RemoteResult() {}

    /// @throws ToolFailure if the tool says that it failed
    static String text(JsonNode result) {
        String type = result.path("resultType").asText("complete");
        if (!type.equals("complete")) {
            throw ToolFailure.withoutEffect("The tool asks for something that cannot be given to it here.");
        }
        var parts = new ArrayList<String>();
        result.path("content").forEach(part -> parts.add(shown(part)));
        if (parts.isEmpty() && result.has("structuredContent")) {
            parts.add(result.path("structuredContent").toString());
        }
        String text = UntrustedText.printable(String.join("\n", parts));
        if (result.path("isError").asBoolean()) {
            throw ToolFailure.withoutEffect(text.isBlank() ? "The tool failed and did not say why." : text);
        }
        return text;
    }

    private static String shown(JsonNode part) {
        String type = part.path("type").asText();
        return switch (type) {
            case "text" -> part.path("text").asText();
            case "resource_link" -> "[link: " + part.path("uri").asText() + "]";
            case "resource" -> embedded(part.path("resource"));
            case "image", "audio" -> "[" + type + ": " + part.path("mimeType").asText() + "]";
            default -> "[content of another type]";
        };
    }

    private static String embedded(JsonNode resource) {
        return resource.path("text").isTextual()
                ? resource.path("text").textValue()
                : "[resource: " + resource.path("uri").asText() + "]";
    }
}
