package dev.parley.model;

import dev.langchain4j.data.message.AiMessage;
import java.util.HashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a model says instead of an answer, as OpenAI tells it apart from text. LangChain4j's messages have no field for
/// it, so it is one of their attributes.
public final class Refusal {

    private static final String ATTRIBUTE = "refusal";

    private Refusal() {}

    /// A message that refuses.
    ///
    /// @param text what was said before the refusal; null for nothing
    public static AiMessage message(@Nullable String text, String refusal) {
        return with(AiMessage.builder().text(text).build(), refusal);
    }

    /// The message with a refusal; the message itself when that is empty.
    static AiMessage with(AiMessage message, String refusal) {
        if (refusal.isEmpty()) {
            return message;
        }
        var attributes = new HashMap<>(message.attributes());
        attributes.put(ATTRIBUTE, refusal);
        return message.toBuilder().attributes(attributes).build();
    }

    /// The refusal in a model's answer; empty when it did not refuse.
    public static Optional<String> of(AiMessage message) {
        return Optional.ofNullable(message.attribute(ATTRIBUTE, String.class));
    }
}
