package dev.parley.model.bedrock;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.parley.model.ChatModelSettings;
import dev.parley.model.Instructions;
import dev.parley.model.Schemas;
import dev.parley.model.ToolHistory;
import dev.parley.model.ToolMetadata;
import dev.parley.postgres.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockruntime.model.CachePointBlock;
import software.amazon.awssdk.services.bedrockruntime.model.CachePointType;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InferenceConfiguration;
import software.amazon.awssdk.services.bedrockruntime.model.OutputConfig;
import software.amazon.awssdk.services.bedrockruntime.model.OutputFormatStructure;
import software.amazon.awssdk.services.bedrockruntime.model.OutputFormatType;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.Tool;
import software.amazon.awssdk.services.bedrockruntime.model.ToolConfiguration;

/// Writes requests for one model in Converse's form. What of a prompt stays the same is marked for the prompt cache
/// if the model is set up so, as in Anthropic's own API.
record BedrockRequests(ChatModelSettings model, Schemas schemas, Json json) {

    private static final float MAX_TEMPERATURE = 1;

    BedrockRequests(ChatModelSettings model, Json json) {
        this(model, new Schemas(json), json);
    }

    ConverseRequest whole(ChatRequest request) {
        var instructions = Instructions.of(request.messages());
        boolean offersTools = offersTools(request);
        var converse = ConverseRequest.builder()
                .modelId(model.name())
                .system(system(instructions))
                .messages(messages(request, instructions, offersTools).list())
                .inferenceConfig(inference(request.parameters()))
                .outputConfig(output(request.parameters().responseFormat()));
        if (offersTools) {
            converse.toolConfig(tools(request));
        }
        if (model.thinking() != null) {
            converse.additionalModelRequestFields(Document.mapBuilder()
                    .putMap("thinking", thinking -> thinking.putString("type", model.thinking()))
                    .build());
        }
        return converse.build();
    }

    ConverseStreamRequest streamed(ChatRequest request) {
        ConverseRequest whole = whole(request);
        return ConverseStreamRequest.builder()
                .modelId(whole.modelId())
                .system(whole.system())
                .messages(whole.messages())
                .inferenceConfig(whole.inferenceConfig())
                .outputConfig(whole.outputConfig())
                .toolConfig(whole.toolConfig())
                .additionalModelRequestFields(whole.additionalModelRequestFields())
                .build();
    }

    /// No constant: a native image would have to keep the SDK's object, and with it the SDK as it was at the build.
    private static CachePointBlock cachePoint() {
        return CachePointBlock.builder().type(CachePointType.DEFAULT).build();
    }

    /// Converse cannot be told to call none of the tools it is offered, so it is not offered any.
    private static boolean offersTools(ChatRequest request) {
        return !request.toolSpecifications().isEmpty() && request.toolChoice() != ToolChoice.NONE;
    }

    private List<SystemContentBlock> system(Instructions instructions) {
        var blocks = new ArrayList<SystemContentBlock>();
        if (!instructions.stable().isBlank()) {
            blocks.add(SystemContentBlock.fromText(instructions.stable()));
            if (model.promptCaching()) {
                blocks.add(SystemContentBlock.fromCachePoint(cachePoint()));
            }
        }
        if (!instructions.changing().isBlank()) {
            blocks.add(SystemContentBlock.fromText(instructions.changing()));
        }
        return blocks;
    }

    private BedrockMessages messages(ChatRequest request, Instructions instructions, boolean offersTools) {
        List<ChatMessage> messages = Instructions.without(request.messages());
        var converted = new BedrockMessages(json);
        (offersTools ? messages : ToolHistory.asText(messages)).forEach(converted::add);
        if (model.promptCaching() && instructions.changing().isEmpty() && !converted.isEmpty()) {
            converted.add(ContentBlock.fromCachePoint(cachePoint()));
        }
        return converted;
    }

    private ToolConfiguration tools(ChatRequest request) {
        var tools = new ArrayList<Tool>();
        request.toolSpecifications().forEach(tool -> tools.add(tool(tool)));
        if (model.promptCaching()) {
            tools.add(Tool.fromCachePoint(cachePoint()));
        }
        var config = ToolConfiguration.builder().tools(tools);
        if (request.toolChoice() != ToolChoice.REQUIRED) {
            return config.build();
        }
        return request.toolSpecifications().size() == 1
                ? config.toolChoice(choice -> choice.tool(only -> only.name(
                                request.toolSpecifications().getFirst().name())))
                        .build()
                : config.toolChoice(choice -> choice.any(_ -> {})).build();
    }

    private Tool tool(ToolSpecification tool) {
        return Tool.fromToolSpec(spec -> spec.name(tool.name())
                .description(tool.description())
                .strict(Boolean.TRUE.equals(tool.metadata().get(ToolMetadata.STRICT)) ? true : null)
                .inputSchema(schema -> schema.json(Documents.of(json.tree(schemas.of(tool))))));
    }

    private @Nullable OutputConfig output(@Nullable ResponseFormat format) {
        if (format == null || format.jsonSchema() == null) {
            return null;
        }
        String schema = schemas.of(format.jsonSchema().rootElement());
        return OutputConfig.builder()
                .textFormat(text -> text.type(OutputFormatType.JSON_SCHEMA)
                        .structure(OutputFormatStructure.fromJsonSchema(definition ->
                                definition.name(format.jsonSchema().name()).schema(schema))))
                .build();
    }

    /// Temperatures end at 1, OpenAI's at 2; and Claude takes either a temperature or a `topP`.
    private InferenceConfiguration inference(ChatRequestParameters parameters) {
        Integer limit = parameters.maxOutputTokens();
        var config = InferenceConfiguration.builder().maxTokens(limit == null ? model.maxOutputTokens() : limit);
        if (!parameters.stopSequences().isEmpty()) {
            config.stopSequences(parameters.stopSequences());
        }
        if (model.sampling() && parameters.temperature() != null) {
            config.temperature(
                    Math.min(MAX_TEMPERATURE, parameters.temperature().floatValue()));
        } else if (model.sampling() && parameters.topP() != null) {
            config.topP(parameters.topP().floatValue());
        }
        return config.build();
    }
}
