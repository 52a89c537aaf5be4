package dev.parley.model;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import java.util.List;
import java.util.stream.Collectors;

/// The system messages of a request, for protocols that have a field for them, cut where they stop being the same
/// from call to call: at the passages that were retrieved for this one. What comes before can be cached by the
/// provider.
///
/// @param stable empty for none
/// @param changing empty for none; then the messages that follow are stable too, as far as they are sent again
public record Instructions(String stable, String changing) {

    public static Instructions of(List<ChatMessage> messages) {
        String all = messages.stream()
                .filter(SystemMessage.class::isInstance)
                .map(message -> ((SystemMessage) message).text())
                .collect(Collectors.joining("\n\n"));
        int change = Passages.start(all);
        return change < 0
                ? new Instructions(all, "")
                : new Instructions(all.substring(0, change), all.substring(change));
    }

    /// The messages that are no instructions.
    public static List<ChatMessage> without(List<ChatMessage> messages) {
        return messages.stream()
                .filter(message -> !(message instanceof SystemMessage))
                .toList();
    }
}
