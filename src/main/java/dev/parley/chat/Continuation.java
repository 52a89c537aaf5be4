package dev.parley.chat;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.parley.conversation.Remembered;
import dev.parley.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tool results at the start of a request belong to the conversation's open turn.
///
/// @param open the turn they answer; null when the request starts with something else
/// @param messages the request's, its tool results with the names of their tools
record Continuation(Remembered.@Nullable OpenTurn open, List<ChatMessage> messages) {

    /// @throws Problem (400) when results answer a call that is not waiting, or leave one waiting
    static Continuation of(TurnRequest request, @Nullable Remembered remembered) {
        List<ChatMessage> messages = request.messages();
        List<String> answered = answeredFirst(messages);
        Remembered.OpenTurn open = remembered == null ? null : remembered.open();
        if (answered.isEmpty()) {
            return new Continuation(null, messages);
        }
        if (open == null || !open.unanswered().keySet().containsAll(answered)) {
            throw Problem.invalid(
                    request.messagesAt(),
                    "A tool's result answers no tool call that waits at the end of what is remembered.");
        }
        if (answered.size() != open.unanswered().size()) {
            throw Problem.invalid(
                    request.messagesAt(),
                    "Every tool call must be answered. Those of %s wait."
                            .formatted(String.join(", ", open.unanswered().keySet())));
        }
        return new Continuation(open, named(messages, open));
    }

    private static List<String> answeredFirst(List<ChatMessage> messages) {
        return messages.stream()
                .filter(message -> !(message instanceof SystemMessage))
                .takeWhile(ToolExecutionResultMessage.class::isInstance)
                .map(result -> ((ToolExecutionResultMessage) result).id())
                .distinct()
                .toList();
    }

    private static List<ChatMessage> named(List<ChatMessage> messages, Remembered.OpenTurn open) {
        var named = new ArrayList<ChatMessage>(messages.size());
        for (ChatMessage message : messages) {
            if (message instanceof ToolExecutionResultMessage result
                    && result.toolName().isEmpty()) {
                named.add(ToolExecutionResultMessage.builder()
                        .id(result.id())
                        .toolName(open.unanswered().get(result.id()))
                        .text(result.text())
                        .build());
            } else {
                named.add(message);
            }
        }
        return named;
    }
}
