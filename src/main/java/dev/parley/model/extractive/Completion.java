package dev.parley.model.extractive;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An answer within its request's limits.
record Completion(String text, FinishReason finish, TokenUsage usage) {

    static Completion of(String answer, ChatRequest request, Tokens tokens) {
        String stopped = stopped(answer, request.stopSequences());
        Integer limit = request.maxOutputTokens();
        String text = limit == null ? stopped : tokens.first(limit, stopped);
        var finish = text.length() < stopped.length() ? FinishReason.LENGTH : FinishReason.STOP;
        int input = request.messages().stream()
                .map(Completion::text)
                .mapToInt(tokens::count)
                .sum();
        return new Completion(text, finish, new TokenUsage(input, tokens.count(text)));
    }

    ChatResponse response(String modelName) {
        return ChatResponse.builder()
                .aiMessage(AiMessage.from(text))
                .modelName(modelName)
                .finishReason(finish)
                .tokenUsage(usage)
                .build();
    }

    private static String stopped(String answer, @Nullable List<String> stops) {
        int end = answer.length();
        for (String stop : stops == null ? List.<String>of() : stops) {
            int found = stop.isEmpty() ? -1 : answer.indexOf(stop);
            end = found >= 0 ? Math.min(end, found) : end;
        }
        return answer.substring(0, end);
    }

    private static String text(ChatMessage message) {
        return switch (message) {
            case SystemMessage system -> system.text();
            case AiMessage ai -> ai.text() == null ? "" : ai.text();
            case ToolExecutionResultMessage result -> result.text();
            case UserMessage user -> Asked.text(user);
            default -> "";
        };
    }
}
