package dev.parley.model.extractive;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What the user asked last.
final class Asked {

    private static final Pattern PASSAGES = Pattern.compile("<passages>.*?</passages>", Pattern.DOTALL);

    private Asked() {}

    /// The last user message's text without its block of passages; empty when there is none.
    static String in(List<ChatMessage> messages) {
        for (ChatMessage message : messages.reversed()) {
            if (message instanceof UserMessage user) {
                return PASSAGES.matcher(text(user)).replaceAll(" ");
            }
        }
        return "";
    }

    static String text(UserMessage user) {
        return user.contents().stream()
                .filter(TextContent.class::isInstance)
                .map(content -> ((TextContent) content).text())
                .collect(Collectors.joining("\n"));
    }
}
