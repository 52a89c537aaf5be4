package dev.parley.chat.completions;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.parley.api.JsonField;
import dev.parley.chat.ChatConfig;
import dev.parley.chat.request.ImageReader;
import dev.parley.chat.request.ToolCallPairs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads OpenAI's `messages` into the neutral messages of the model feature. These have a `name` for users only; on
/// other roles it is let pass and dropped, because clients send it along with tool results and instructions.
final class MessageReader {

    private static final int MAX_ID = 256;
    private static final int MAX_NAME = 64;
    private static final int MAX_PARTS = 256;
    private static final int MAX_TOOL_CALLS = 128;
    private static final String IMAGE = "image_url";
    private static final Pattern NAME = Pattern.compile("[^\\s<|\\\\/>]{1,64}");
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool");
    private static final Set<String> PART_TYPES = Set.of("text");
    private static final Set<String> ASSISTANT_PART_TYPES = Set.of("text", "refusal");

    private final ChatConfig config;
    private final ImageReader images;

    MessageReader(ChatConfig config) {
        this.config = config;
        this.images = new ImageReader(config.maxImageLength());
    }

    /// @param inConversation whether the messages continue remembered ones
    List<ChatMessage> read(JsonField messages, boolean inConversation) {
        List<JsonField> items = messages.items(config.maxMessages());
        if (items.isEmpty()) {
            throw messages.invalid("expected at least one message.");
        }
        var pairs = new ToolCallPairs(inConversation);
        var read = items.stream().flatMap(item -> message(item, pairs).stream()).toList();
        pairs.other();
        return read;
    }

    private Optional<ChatMessage> message(JsonField message, ToolCallPairs pairs) {
        return switch (message.get("role").oneOf(ROLES)) {
            case "system", "developer" -> system(message.allowOnly(Set.of("role", "content", "name")));
            case "tool" -> Optional.of(toolResult(message, pairs));
            case "user" -> {
                pairs.other();
                yield Optional.of(user(message.allowOnly(Set.of("role", "content", "name"))));
            }
            default -> {
                AiMessage assistant = assistant(message);
                pairs.calls(message.find("tool_calls").orElse(message), assistant);
                yield Optional.of(assistant);
            }
        };
    }

    /// A blank one says nothing, and not every provider takes it: it is left out.
    private Optional<ChatMessage> system(JsonField message) {
        String text = content(message.get("content"), PART_TYPES);
        return text.isBlank() ? Optional.empty() : Optional.of(SystemMessage.from(text));
    }

    private ChatMessage user(JsonField message) {
        List<Content> contents = userContent(message.get("content"));
        return message.find("name")
                .map(name -> UserMessage.from(name(name), contents))
                .orElseGet(() -> UserMessage.from(contents));
    }

    /// Texts are one text to a model; where there are images, everything stays in its place.
    private List<Content> userContent(JsonField content) {
        if (!content.value().isArray() || !hasImage(content)) {
            return List.of(TextContent.from(content(content, PART_TYPES)));
        }
        var contents = new ArrayList<Content>();
        for (JsonField part : content.items(MAX_PARTS)) {
            contents.add(isImage(part) ? image(part) : TextContent.from(part(part, PART_TYPES)));
        }
        return contents;
    }

    private static boolean hasImage(JsonField content) {
        return content.items(MAX_PARTS).stream().anyMatch(MessageReader::isImage);
    }

    private static boolean isImage(JsonField part) {
        return part.value().path("type").asText().equals(IMAGE);
    }

    private Content image(JsonField part) {
        JsonField image = part.allowOnly(Set.of("type", IMAGE)).get(IMAGE).allowOnly(Set.of("url", "detail"));
        return images.read(image.get("url"), image.find("detail"));
    }

    private ChatMessage toolResult(JsonField message, ToolCallPairs pairs) {
        JsonField id = message.allowOnly(Set.of("role", "content", "tool_call_id", "name"))
                .get("tool_call_id");
        return ToolExecutionResultMessage.builder()
                .id(id.text(MAX_ID))
                .toolName(pairs.answer(id, id.text(MAX_ID)))
                .text(content(message.get("content"), PART_TYPES))
                .build();
    }

    /// `annotations` are let pass and dropped: clients send an answer back as they got it.
    private AiMessage assistant(JsonField message) {
        message.allowOnly(
                Set.of("role", "content", "refusal", "name", "tool_calls", "annotations", "audio", "function_call"));
        for (String unserved : List.of("audio", "function_call")) {
            message.find(unserved).ifPresent(field -> {
                throw field.unsupported("it is not served.");
            });
        }
        List<ToolExecutionRequest> calls =
                message.find("tool_calls").map(this::toolCalls).orElse(List.of());
        var text = message.find("content").or(() -> message.find("refusal"));
        if (text.isEmpty() && calls.isEmpty()) {
            message.get("content");
        }
        return AiMessage.builder()
                .text(text.map(field -> content(field, ASSISTANT_PART_TYPES)).orElse(null))
                .toolExecutionRequests(calls)
                .build();
    }

    private List<ToolExecutionRequest> toolCalls(JsonField calls) {
        return calls.items(MAX_TOOL_CALLS).stream().map(this::toolCall).toList();
    }

    private ToolExecutionRequest toolCall(JsonField call) {
        call.allowOnly(Set.of("id", "type", "function", "index"));
        call.get("type").oneOf(Set.of("function"));
        JsonField function = call.get("function").allowOnly(Set.of("name", "arguments"));
        return ToolExecutionRequest.builder()
                .id(call.get("id").text(MAX_ID))
                .name(function.get("name").text(MAX_NAME))
                .arguments(function.get("arguments").text(config.maxMessageLength()))
                .build();
    }

    /// A string, or parts, which are one text to a model: they are joined by line breaks.
    private String content(JsonField content, Set<String> types) {
        if (!content.value().isArray()) {
            return content.text(config.maxMessageLength());
        }
        var texts = new ArrayList<String>();
        for (JsonField part : content.items(MAX_PARTS)) {
            texts.add(part(part, types));
        }
        if (texts.isEmpty()) {
            throw content.invalid("expected at least one part.");
        }
        return String.join("\n", texts);
    }

    private String part(JsonField part, Set<String> types) {
        JsonField type = part.get("type");
        if (!types.contains(type.text(MAX_NAME))) {
            throw type.unsupported(
                    "only text is served here, not '%s'.".formatted(type.value().textValue()));
        }
        String member = type.value().textValue();
        return part.allowOnly(Set.of("type", member)).get(member).text(config.maxMessageLength());
    }

    private static String name(JsonField name) {
        String text = name.text(MAX_NAME);
        if (!NAME.matcher(text).matches()) {
            throw name.invalid("expected 1 to 64 characters without spaces or any of < | \\ / >.");
        }
        return text;
    }
}
