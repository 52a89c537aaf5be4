package dev.parley.chat;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.parley.conversation.Remembered;
import dev.parley.problem.Problem;
import dev.parley.tool.CallId;
import dev.parley.tool.ToolResult;
import dev.parley.tool.TurnCalls;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Tool results at the start of a request belong to the conversation's open turn, and so do the results of calls of
/// this side's tools that waited for an approval.
///
/// @param open the turn they answer; null when the request starts with something else
/// @param messages the request's, its tool results with the names of their tools
/// @param resumed calls that were decided since
record Continuation(Remembered.@Nullable OpenTurn open, List<ChatMessage> messages, List<ToolResult> resumed) {

    /// @throws Problem (400) when results answer a call that is not waiting, or leave one waiting
    static Continuation of(TurnRequest request, @Nullable Remembered remembered) {
        List<ChatMessage> messages = request.messages();
        List<String> answered = answeredFirst(messages);
        Remembered.OpenTurn open = remembered == null ? null : remembered.open();
        Set<String> clients = open == null ? Set.of() : ofClient(open);
        if (answered.isEmpty()) {
            return new Continuation(clients.isEmpty() ? open : null, messages, List.of());
        }
        if (open == null || !clients.containsAll(answered)) {
            throw Problem.invalid(
                    request.messagesAt(),
                    "A tool's result answers no tool call that waits at the end of what is remembered.");
        }
        if (answered.size() != clients.size()) {
            throw Problem.invalid(
                    request.messagesAt(),
                    "Every tool call must be answered. Those of %s wait.".formatted(String.join(", ", clients)));
        }
        return new Continuation(open, named(messages, open), List.of());
    }

    /// Calls that the client answers; the others are this side's.
    private static Set<String> ofClient(Remembered.OpenTurn open) {
        return open.unanswered().keySet().stream()
                .filter(id -> CallId.find(id).isEmpty())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /// The same with what became of the calls of this side that wait, wherever they are.
    ///
    /// @param calls makes those that were approved
    /// @param at the parameter that holds the messages
    /// @throws Problem (409) when one of them still waits, (400) for one that nobody knows, or when there is
    /// nothing to go on with
    Continuation resumed(TurnCalls calls, String at) {
        List<ChatMessage> all = said();
        List<CallId> waiting = OpenCalls.of(all);
        if (waiting.isEmpty()) {
            return this;
        }
        List<ToolResult> results = calls.resume(waiting, _ -> {});
        if (results.size() < waiting.size()) {
            throw Problem.invalid(at, "A tool call among the messages is none of this tenant's.");
        }
        List<ToolResult> open = results.stream().filter(ToolResult::isAwaited).toList();
        if (!open.isEmpty()) {
            throw Problems.approvalPending(open);
        }
        return new Continuation(
                this.open == null ? null : answered(this.open, results),
                OpenCalls.answered(messages, results),
                results);
    }

    private static Remembered.OpenTurn answered(Remembered.OpenTurn open, List<ToolResult> results) {
        return new Remembered.OpenTurn(
                open.id(), open.nextSeq(), OpenCalls.answered(open.messages(), results), open.unanswered());
    }

    /// The open turn and what is new.
    List<ChatMessage> said() {
        var said = new ArrayList<ChatMessage>();
        if (open != null) {
            said.addAll(open.messages());
        }
        said.addAll(messages);
        return said;
    }

    /// What is to be kept besides the answer: results of the open turn's calls first.
    List<ChatMessage> asked() {
        var asked = new ArrayList<ChatMessage>();
        if (open != null) {
            resumed.stream()
                    .filter(result ->
                            open.unanswered().containsKey(result.call().id().toString()))
                    .map(OpenCalls::message)
                    .forEach(asked::add);
        }
        asked.addAll(messages);
        return asked;
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
