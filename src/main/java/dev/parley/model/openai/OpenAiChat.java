package dev.parley.model.openai;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.internal.OpenAiClient;
import dev.langchain4j.model.openai.internal.OpenAiUtils;
import dev.langchain4j.model.openai.internal.chat.ChatCompletionResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.parley.model.ProviderError;
import dev.parley.model.ProviderFailure;
import dev.parley.model.Refusal;

/// Whole answers.
final class OpenAiChat implements ChatModel {

    private final OpenAiClient client;
    private final OpenAiRequests requests;

    OpenAiChat(OpenAiClient client, OpenAiRequests requests) {
        this.client = client;
        this.requests = requests;
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        ChatCompletionResponse answer =
                client.chatCompletion(requests.convert(request).build()).execute();
        if (answer == null || answer.choices() == null || answer.choices().isEmpty()) {
            throw new ProviderFailure(new ProviderError.Malformed());
        }
        FinishReason reason =
                OpenAiUtils.finishReasonFrom(answer.choices().getFirst().finishReason());
        return ChatResponse.builder()
                .aiMessage(message(answer))
                .id(answer.id())
                .modelName(answer.model())
                .tokenUsage(OpenAiUsage.of(answer.usage()))
                .finishReason(reason == null ? FinishReason.OTHER : reason)
                .build();
    }

    /// LangChain4j's conversion throws on a refusal.
    private static AiMessage message(ChatCompletionResponse answer) {
        var message = answer.choices().getFirst().message();
        return message.refusal() == null || message.refusal().isBlank()
                ? OpenAiUtils.aiMessageFrom(answer)
                : Refusal.message(message.content(), message.refusal());
    }
}
