package dev.parley.model.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.parley.model.ProviderError;
import dev.parley.model.ProviderFailure;
import dev.parley.postgres.Json;
import java.util.ArrayList;

/// Whole answers.
record AnthropicChat(MessagesApi api, AnthropicRequests requests, Json json) implements ChatModel {

    @Override
    public ChatResponse chat(ChatRequest request) {
        JsonNode answer = api.send(requests.convert(request));
        if (!answer.path("content").isArray() || !answer.path("stop_reason").isTextual()) {
            throw new ProviderFailure(new ProviderError.Malformed());
        }
        return ChatResponse.builder()
                .id(answer.path("id").asText())
                .modelName(answer.path("model").asText())
                .aiMessage(message(answer.path("content")))
                .tokenUsage(AnthropicAnswer.usage(answer.path("usage")))
                .finishReason(
                        AnthropicAnswer.finishReason(answer.path("stop_reason").asText()))
                .build();
    }

    private AiMessage message(JsonNode blocks) {
        var text = new StringBuilder();
        var calls = new ArrayList<ToolExecutionRequest>();
        for (JsonNode block : blocks) {
            switch (block.path("type").asText()) {
                case "text" -> text.append(block.path("text").asText());
                case "tool_use" ->
                    calls.add(ToolExecutionRequest.builder()
                            .id(block.path("id").asText())
                            .name(block.path("name").asText())
                            .arguments(json.write(block.path("input")))
                            .build());
                default -> {} // thoughts
            }
        }
        return AiMessage.builder()
                .text(text.isEmpty() && !calls.isEmpty() ? null : text.toString())
                .toolExecutionRequests(calls)
                .build();
    }
}
