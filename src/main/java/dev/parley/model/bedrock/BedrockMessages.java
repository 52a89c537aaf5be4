package dev.parley.model.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ImageBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ImageSource;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.ToolResultBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ToolResultContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ToolResultStatus;

/// Writes messages in Converse's form: two roles take turns, results of tools are the user's, and all results of one
/// answer are one turn.
final class BedrockMessages {

    private final Json json;
    private final List<Turn> turns = new ArrayList<>();

    BedrockMessages(Json json) {
        this.json = json;
    }

    private record Turn(ConversationRole role, List<ContentBlock> blocks) {

        Message message() {
            return Message.builder().role(role).content(blocks).build();
        }
    }

    List<Message> list() {
        return turns.stream().map(Turn::message).toList();
    }

    void add(ContentBlock last) {
        turns.getLast().blocks.add(last);
    }

    boolean isEmpty() {
        return turns.isEmpty();
    }

    void add(ChatMessage message) {
        switch (message) {
            case UserMessage user -> user.contents().forEach(content -> add(blocks(ConversationRole.USER), content));
            case AiMessage assistant -> add(blocks(ConversationRole.ASSISTANT), assistant);
            case ToolExecutionResultMessage result ->
                blocks(ConversationRole.USER).add(ContentBlock.fromToolResult(result(result)));
            default -> throw new UnsupportedFeatureException("Not a message that Bedrock takes: " + message.type());
        }
    }

    /// The blocks of the turn that is under way, or of a new one.
    private List<ContentBlock> blocks(ConversationRole role) {
        if (turns.isEmpty() || turns.getLast().role != role) {
            turns.add(new Turn(role, new ArrayList<>()));
        }
        return turns.getLast().blocks;
    }

    private static void add(List<ContentBlock> blocks, Content content) {
        switch (content) {
            case TextContent text -> addText(blocks, text.text());
            case ImageContent image -> blocks.add(ContentBlock.fromImage(image(image.image())));
            default -> throw new UnsupportedFeatureException("Bedrock takes no %s.".formatted(content.type()));
        }
    }

    private static ImageBlock image(Image image) {
        if (image.base64Data() == null || image.mimeType() == null) {
            throw new UnsupportedFeatureException("Bedrock takes images as data, not by their URL.");
        }
        byte[] bytes = Base64.getDecoder().decode(image.base64Data());
        return ImageBlock.builder()
                .format(image.mimeType().substring(image.mimeType().indexOf('/') + 1))
                .source(ImageSource.fromBytes(SdkBytes.fromByteArray(bytes)))
                .build();
    }

    private void add(List<ContentBlock> blocks, AiMessage assistant) {
        addText(blocks, assistant.text());
        addText(blocks, Refusal.of(assistant).orElse(null));
        for (ToolExecutionRequest call : assistant.toolExecutionRequests()) {
            blocks.add(ContentBlock.fromToolUse(
                    use -> use.toolUseId(call.id()).name(call.name()).input(Documents.of(arguments(call)))));
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

    private static ToolResultBlock result(ToolExecutionResultMessage result) {
        var block = ToolResultBlock.builder()
                .toolUseId(result.id())
                .content(ToolResultContentBlock.fromText(result.text()));
        return Boolean.TRUE.equals(result.isError())
                ? block.status(ToolResultStatus.ERROR).build()
                : block.build();
    }

    /// Empty texts are refused.
    private static void addText(List<ContentBlock> blocks, @Nullable String text) {
        if (text != null && !text.isBlank()) {
            blocks.add(ContentBlock.fromText(text));
        }
    }
}
