package dev.parley.model.anthropic;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.parley.model.ChatModelSettings;
import dev.parley.model.ChatParameters;
import dev.parley.model.Instructions;
import dev.parley.model.Schemas;
import dev.parley.model.ToolHistory;
import dev.parley.model.ToolMetadata;
import dev.parley.postgres.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes requests for one model in Anthropic's form.
///
/// What of a prompt stays the same is marked for the prompt cache if the model is set up so: the tools, the
/// instructions up to the passages, and, unless passages come before them, the messages so far, which the next
/// turn begins with.
record AnthropicRequests(ChatModelSettings model, Schemas schemas, Json json) {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final double MAX_TEMPERATURE = 1;

    AnthropicRequests(ChatModelSettings model, Json json) {
        this(model, new Schemas(json), json);
    }

    ObjectNode convert(ChatRequest request) {
        ChatRequestParameters parameters = request.parameters();
        Integer limit = parameters.maxOutputTokens();
        var body = NODES.objectNode()
                .put("model", model.name())
                .put("max_tokens", limit == null ? model.maxOutputTokens() : limit);
        addTools(body, parameters);
        addInstructions(body, Instructions.of(request.messages()));
        addMessages(body, request);
        addFormat(body, parameters.responseFormat());
        addSampling(body, parameters);
        if (model.thinking() != null) {
            body.putObject("thinking").put("type", model.thinking());
        }
        if (parameters instanceof ChatParameters more && more.user() != null) {
            body.putObject("metadata").put("user_id", more.user());
        }
        return body;
    }

    private void addTools(ObjectNode body, ChatRequestParameters parameters) {
        List<ToolSpecification> tools = parameters.toolSpecifications();
        if (tools.isEmpty()) {
            return;
        }
        var array = body.putArray("tools");
        tools.forEach(tool -> array.add(tool(tool)));
        cache((ObjectNode) array.get(array.size() - 1));
        boolean oneByOne = parameters instanceof ChatParameters more && Boolean.FALSE.equals(more.parallelToolCalls());
        ToolChoice choice = parameters.toolChoice();
        if (choice != null || oneByOne) {
            body.set("tool_choice", choice(choice, tools, oneByOne));
        }
    }

    private ObjectNode tool(ToolSpecification tool) {
        var node = NODES.objectNode().put("name", tool.name());
        if (tool.description() != null) {
            node.put("description", tool.description());
        }
        if (Boolean.TRUE.equals(tool.metadata().get(ToolMetadata.STRICT))) {
            node.put("strict", true);
        }
        node.set("input_schema", json.tree(schemas.of(tool)));
        return node;
    }

    private static ObjectNode choice(@Nullable ToolChoice choice, List<ToolSpecification> tools, boolean oneByOne) {
        var node = NODES.objectNode();
        switch (choice == null ? ToolChoice.AUTO : choice) {
            case AUTO -> node.put("type", "auto");
            case NONE -> {
                return node.put("type", "none");
            }
            case REQUIRED -> {
                if (tools.size() == 1) {
                    node.put("type", "tool").put("name", tools.getFirst().name());
                } else {
                    node.put("type", "any");
                }
            }
        }
        return oneByOne ? node.put("disable_parallel_tool_use", true) : node;
    }

    private void addInstructions(ObjectNode body, Instructions instructions) {
        if (!instructions.stable().isBlank()) {
            cache(text(body.withArray("system").addObject(), instructions.stable()));
        }
        if (!instructions.changing().isBlank()) {
            text(body.withArray("system").addObject(), instructions.changing());
        }
    }

    private void addMessages(ObjectNode body, ChatRequest request) {
        List<ChatMessage> messages = Instructions.without(request.messages());
        var converted = new AnthropicMessages(json);
        (request.toolSpecifications().isEmpty() ? ToolHistory.asText(messages) : messages).forEach(converted::add);
        body.set("messages", converted.array());
        if (Instructions.of(request.messages()).changing().isEmpty()) {
            converted.lastBlock().ifPresent(this::cache);
        }
    }

    private void addFormat(ObjectNode body, @Nullable ResponseFormat format) {
        if (format != null && format.jsonSchema() != null) {
            body.putObject("output_config")
                    .putObject("format")
                    .put("type", "json_schema")
                    .set("schema", json.tree(schemas.of(format.jsonSchema().rootElement())));
        }
    }

    /// Its temperatures end at 1, OpenAI's at 2; and it takes either a temperature or a `top_p`.
    private void addSampling(ObjectNode body, ChatRequestParameters parameters) {
        if (!parameters.stopSequences().isEmpty()) {
            var array = body.putArray("stop_sequences");
            parameters.stopSequences().forEach(array::add);
        }
        if (!model.sampling()) {
            return;
        }
        if (parameters.temperature() != null) {
            body.put("temperature", Math.min(MAX_TEMPERATURE, parameters.temperature()));
        } else if (parameters.topP() != null) {
            body.put("top_p", parameters.topP());
        }
    }

    private static ObjectNode text(ObjectNode block, String text) {
        return block.put("type", "text").put("text", text);
    }

    private void cache(ObjectNode block) {
        if (model.promptCaching()) {
            block.putObject("cache_control").put("type", "ephemeral");
        }
    }
}
