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
import java.util.stream.Stream;

/// What text will cost of a context window, without any model's tokenizer: budgets need a count that is quick, the
/// same for every provider, and rather too high than too low.
///
/// Byte-pair vocabularies hold most English words whole and split others about every four letters; digits come in
/// threes, signs alone, and scripts outside Latin one character each.
public final class PromptTokens {

    /// Role and separators of one message.
    private static final int PER_MESSAGE = 4;

    /// What providers put around messages.
    private static final int PER_REQUEST = 64;

    /// Of the largest one, where models count most for it.
    private static final int PER_IMAGE = 5000;

    private static final int LONGEST_PIECE = 16;
    private static final int LETTERS_PER_TOKEN = 4;
    private static final int DIGITS_PER_TOKEN = 3;
    private static final int LAST_LATIN = 0x24F;

    private PromptTokens() {}

    /// How many tokens a request may have by any model's tokenizer: a reservation must not be too small.
    static long atMost(ChatRequest request) {
        long estimate =
                request.messages().stream().mapToLong(PromptTokens::estimate).sum();
        for (ToolSpecification tool : request.toolSpecifications()) {
            estimate += estimate(tool.toString());
        }
        return atMost(estimate);
    }

    /// How many tokens a request surely has by any model's tokenizer: what is above a context window need not be
    /// sent.
    static long atLeast(ChatRequest request) {
        return request.messages().stream().mapToLong(PromptTokens::atLeast).sum();
    }

    private static long atLeast(ChatMessage message) {
        return switch (message) {
            case SystemMessage system -> atLeast(system.text());
            case UserMessage user ->
                texts(user).mapToLong(PromptTokens::atLeast).sum();
            case ToolExecutionResultMessage result -> atLeast(result.text());
            case AiMessage assistant -> assistant.text() == null ? 0 : atLeast(assistant.text());
            default -> 0;
        };
    }

    /// Vocabularies hold no piece that goes beyond a word or a number, and few longer ones; signs may be part of
    /// either.
    static long atLeast(String text) {
        long tokens = 0;
        int letters = 0;
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isDigit = c >= '0' && c <= '9';
            letters = Character.isLetter(c) ? letters + 1 : 0;
            digits = isDigit ? digits + 1 : 0;
            if (letters % LONGEST_PIECE == 1 || digits % DIGITS_PER_TOKEN == 1) {
                tokens++;
            }
        }
        return tokens;
    }

    /// How many tokens a text with this estimate may have by any model's tokenizer.
    public static long atMost(long estimate) {
        return estimate + estimate / 2 + PER_REQUEST;
    }

    public static int estimate(ChatMessage message) {
        return PER_MESSAGE
                + switch (message) {
                    case SystemMessage system -> estimate(system.text());
                    case UserMessage user -> estimate(user);
                    case ToolExecutionResultMessage result -> estimate(result.text());
                    case AiMessage assistant -> estimate(assistant);
                    default -> 0;
                };
    }

    private static int estimate(UserMessage user) {
        int text = texts(user).mapToInt(PromptTokens::estimate).sum();
        return text
                + PER_IMAGE
                        * (int) user.contents().stream()
                                .filter(ImageContent.class::isInstance)
                                .count();
    }

    private static Stream<String> texts(UserMessage user) {
        return user.contents().stream().filter(TextContent.class::isInstance).map(content -> ((TextContent) content)
                .text());
    }

    private static int estimate(AiMessage assistant) {
        int tokens = assistant.text() == null ? 0 : estimate(assistant.text());
        for (ToolExecutionRequest call : assistant.toolExecutionRequests()) {
            tokens += PER_MESSAGE + estimate(call.name()) + estimate(call.arguments());
        }
        return tokens;
    }

    public static int estimate(String text) {
        int tokens = 0;
        int letters = 0;
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isLatin = c <= LAST_LATIN && Character.isLetter(c);
            boolean isDigit = c >= '0' && c <= '9';
            letters = isLatin ? letters + 1 : 0;
            digits = isDigit ? digits + 1 : 0;
            if (isLatin) {
                tokens += letters % LETTERS_PER_TOKEN == 1 ? 1 : 0;
            } else if (isDigit) {
                tokens += digits % DIGITS_PER_TOKEN == 1 ? 1 : 0;
            } else if (c != ' ') {
                tokens++;
            }
        }
        return tokens;
    }

    /// The longest beginning of a text with at most so many tokens.
    public static String beginning(String text, int tokens) {
        if (estimate(text) <= tokens) {
            return text;
        }
        int fits = 0;
        int tooLong = text.length();
        while (tooLong - fits > 1) {
            int middle = (fits + tooLong) >>> 1;
            if (estimate(text.substring(0, middle)) <= tokens) {
                fits = middle;
            } else {
                tooLong = middle;
            }
        }
        return text.substring(0, fits > 0 && Character.isHighSurrogate(text.charAt(fits - 1)) ? fits - 1 : fits);
    }
}
