package dev.parley.model;

import dev.langchain4j.data.message.ChatMessage;
import java.util.List;

/// The one text form in which passages stand in a prompt, written for every model and read back by the extractive one.
public final class Passages {

    private Passages() {}

    /// The passages as a block of text for a system or user message.
    public static String render(List<Passage> passages) {
        throw new UnsupportedOperationException();
    }

    /// The passages of the last block in these messages; empty when there is none.
    public static List<Passage> in(List<ChatMessage> messages) {
        throw new UnsupportedOperationException();
    }
}
