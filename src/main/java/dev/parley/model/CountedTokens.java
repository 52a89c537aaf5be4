package dev.parley.model;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.output.TokenUsage;
import java.util.stream.Collectors;

/// What a call used when its provider does not say: the texts, by tokenizer, and what OpenAI puts around them.
///
/// Source: https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken
final class CountedTokens {

    private static final int PER_MESSAGE = 3;
    private static final int PER_ANSWER = 3;

    /// About what most models count for one of a megapixel.
    private static final int PER_IMAGE = 1500;

    private CountedTokens() {}

    static TokenUsage usage(ChatRequest request, AiMessage answer) {
        return usage(request, text(answer));
    }

    static TokenUsage usage(ChatRequest request, String generated) {
        int input = PER_ANSWER;
        for (ChatMessage message : request.messages()) {
            input += PER_MESSAGE + ApproximateTokens.count(text(message)) + PER_IMAGE * images(message);
        }
        for (ToolSpecification tool : request.toolSpecifications()) {
            input += ApproximateTokens.count(tool.toString());
        }
        return new TokenUsage(input, ApproximateTokens.count(generated));
    }

    private static int images(ChatMessage message) {
        return message instanceof UserMessage user
                ? (int) user.contents().stream()
                        .filter(ImageContent.class::isInstance)
                        .count()
                : 0;
    }

    private static String text(ChatMessage message) {
        return switch (message) {
            case SystemMessage system -> system.text();
            case UserMessage user ->
                user.contents().stream()
                        .filter(TextContent.class::isInstance)
                        .map(content -> ((TextContent) content).text())
                        .collect(Collectors.joining());
            case ToolExecutionResultMessage result -> result.text();
            case AiMessage assistant -> text(assistant);
            default -> "";
        };
    }

    private static String text(AiMessage message) {
        var text = new StringBuilder(message.text() == null ? "" : message.text());
        Refusal.of(message).ifPresent(text::append);
        for (ToolExecutionRequest call : message.toolExecutionRequests()) {
            text.append(call.name()).append(call.arguments());
        }
        return text.toString();
    }
}
