package dev.parley.model;

import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import java.util.stream.Collectors;

/// What a user said in words, whatever else is in the message.
public final class UserText {

    private UserText() {}

    /// Without images; empty when there are only such.
    public static String of(UserMessage user) {
        return user.contents().stream()
                .filter(TextContent.class::isInstance)
                .map(content -> ((TextContent) content).text())
                .collect(Collectors.joining("\n"));
    }

    /// The same for those who will not see the images, with a word where they were.
    public static String withoutImages(UserMessage user) {
        return user.contents().stream()
                .map(content -> content instanceof TextContent text ? text.text() : "[image]")
                .collect(Collectors.joining("\n"));
    }
}
