package dev.parley.model.extractive;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.parley.model.Passage;
import dev.parley.model.Passages;
import dev.parley.model.ProviderError;
import dev.parley.model.ProviderFailure;
import java.util.List;
import java.util.stream.Collectors;

/// Answers the last user message with sentences of the passages, and says plainly when none fits. The same request
/// always gets the same answer.
///
/// Tokens are words here: the model has no tokenizer of its own.
record ExtractiveAnswer(String text, boolean isCut, int promptTokens) {

    static final String NOTHING_FITS = "Nothing in the documents answers this.";
    static final String NO_DOCUMENTS =
            "I can only quote documents, and none came with this question. Attach some with parley.vector_store_ids, or"
                    + " use a model of a configured provider.";

    /// @throws ProviderFailure when JSON is asked for
    static ExtractiveAnswer to(ChatRequest request) {
        if (request.responseFormat() != null && request.responseFormat().type() == ResponseFormatType.JSON) {
            throw new ProviderFailure(new ProviderError.Rejected(
                    "The extractive model answers in text only; it does not support 'response_format'.",
                    "response_format"));
        }
        String text = answer(request.messages());
        String stopped = stopped(text, request.parameters());
        String limited = limited(stopped, request.parameters());
        int promptTokens = request.messages().stream()
                .mapToInt(message -> Terms.count(message.toString()))
                .sum();
        return new ExtractiveAnswer(limited, limited.length() < stopped.length(), promptTokens);
    }

    ChatResponse response() {
        return ChatResponse.builder()
                .aiMessage(AiMessage.from(text))
                .tokenUsage(new TokenUsage(promptTokens, Terms.count(text)))
                .finishReason(isCut ? FinishReason.LENGTH : FinishReason.STOP)
                .build();
    }

    private static String answer(List<ChatMessage> messages) {
        if (!Passages.areIn(messages)) {
            return NO_DOCUMENTS;
        }
        List<Passage> passages = Passages.in(messages);
        List<Quote> quotes = passages.isEmpty() ? List.of() : Quotes.best(passages, question(messages));
        return quotes.isEmpty()
                ? NOTHING_FITS
                : quotes.stream().map(Quote::cited).collect(Collectors.joining(" "));
    }

    private static String question(List<ChatMessage> messages) {
        for (ChatMessage message : messages.reversed()) {
            if (message instanceof UserMessage user) {
                return user.contents().stream()
                        .filter(TextContent.class::isInstance)
                        .map(content -> ((TextContent) content).text())
                        .map(text -> text.replaceAll("(?s)<passages>.*</passages>", ""))
                        .collect(Collectors.joining("\n"));
            }
        }
        return "";
    }

    private static String stopped(String text, ChatRequestParameters parameters) {
        List<String> stops = parameters.stopSequences() == null ? List.of() : parameters.stopSequences();
        int end = stops.stream()
                .filter(stop -> !stop.isEmpty())
                .mapToInt(text::indexOf)
                .filter(index -> index >= 0)
                .min()
                .orElse(text.length());
        return text.substring(0, end);
    }

    private static String limited(String text, ChatRequestParameters parameters) {
        if (parameters.maxOutputTokens() == null) {
            return text;
        }
        var limited = new StringBuilder();
        int left = parameters.maxOutputTokens();
        for (String word : text.split("(?<= )")) {
            left -= Math.max(1, Terms.count(word));
            if (left < 0) {
                break;
            }
            limited.append(word);
        }
        return limited.toString();
    }
}
