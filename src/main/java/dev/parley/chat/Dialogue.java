package dev.parley.chat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.output.TokenUsage;
import dev.parley.model.Attempt;
import dev.parley.model.ChatParameters;
import dev.parley.model.SummedUsage;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import dev.parley.tool.CallId;
import dev.parley.tool.ToolCall;
import dev.parley.tool.ToolResult;
import dev.parley.tool.TurnCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/// What a turn and its model say to each other: the model is asked, the calls it asks for of this side's tools are
/// made, and it is asked again, until nothing is left to do here. What the client has to do, or a person to approve,
/// ends it too.
final class Dialogue {

    private final Function<ChatRequest, CachedModels.Reply> model;
    private final Narrator narrator;
    private final TurnCalls calls;
    private final Limits limits;
    private final List<Attempt> attempts = new ArrayList<>();
    private final List<TokenUsage> usages = new ArrayList<>();
    private final List<ChatMessage> said = new ArrayList<>();
    private final List<ToolResult> results = new ArrayList<>();
    private long toolNanos;
    private boolean whole;

    /// @param rounds how often calls are answered before the model has to do without
    /// @param mostCalls of the whole turn
    record Limits(int rounds, int mostCalls) {}

    Dialogue(Function<ChatRequest, CachedModels.Reply> model, Narrator narrator, TurnCalls calls, Limits limits) {
        this.model = model;
        this.narrator = narrator;
        this.calls = calls;
        this.limits = limits;
    }

    /// The last answer and how it came about. Empty-handed if the turn has to end.
    CachedModels.Reply run(ChatRequest prompt) {
        ChatRequest next = prompt;
        while (true) {
            CachedModels.Reply reply = model.apply(next);
            attempts.addAll(reply.generation().attempts());
            usages.add(reply.generation().response().tokenUsage());
            AiMessage answer = narrator.answered(reply);
            List<ToolCall> ours = ours(answer);
            said.add(answer);
            if (ours.isEmpty() || narrator.isCancelled()) {
                whole = ours.isEmpty() && !reply.generation().isCutOff();
                return reply;
            }
            if (isForbidden(next)) {
                throw endless();
            }
            make(ours);
            boolean isLast = ours.size() < answer.toolExecutionRequests().size() || isWaiting();
            // Once the turn is over, calls may have been stopped.
            whole = isLast && !narrator.isCancelled();
            if (isLast || narrator.isCancelled()) {
                return reply;
            }
            next = next(prompt);
        }
    }

    private List<ToolCall> ours(AiMessage answer) {
        var ours = new ArrayList<ToolCall>();
        for (ToolExecutionRequest call : answer.toolExecutionRequests()) {
            CallId.find(call.id())
                    .filter(_ -> narrator.hasTools())
                    .ifPresent(id -> ours.add(new ToolCall(id, call.name(), call.arguments())));
        }
        return ours;
    }

    private void make(List<ToolCall> ours) {
        ours.forEach(narrator::started);
        long start = System.nanoTime();
        List<ToolResult> made = calls.run(ours, narrator::ended);
        toolNanos += System.nanoTime() - start;
        results.addAll(made);
        made.stream()
                .filter(result -> !result.isAwaited())
                .map(OpenCalls::message)
                .forEach(said::add);
    }

    /// Whoever asked for a call has it. From then on there is no more need, and after enough rounds no more leave.
    private ChatRequest next(ChatRequest prompt) {
        var messages = new ArrayList<>(prompt.messages());
        messages.addAll(said);
        var parameters = (ChatParameters) prompt.parameters();
        boolean enough = calls.isRepeating() || calls.rounds() >= limits.rounds || results.size() >= limits.mostCalls;
        return ChatRequest.builder()
                .messages(messages)
                .parameters(parameters.withToolChoice(enough ? ToolChoice.NONE : ToolChoice.AUTO))
                .build();
    }

    private static boolean isForbidden(ChatRequest request) {
        return request.parameters().toolChoice() == ToolChoice.NONE;
    }

    private Problem endless() {
        return Problem.of(
                ProblemKind.BAD_GATEWAY,
                "tool_calls_endless",
                "The model still asked for tools after %d rounds of calls.".formatted(calls.rounds()));
    }

    /// Whether nothing more was to come.
    boolean isWhole() {
        return whole;
    }

    /// Whether a call waits for an approval.
    boolean isWaiting() {
        return results.stream().anyMatch(ToolResult::isAwaited);
    }

    /// The calls that were asked for, in order.
    List<ToolResult> results() {
        return List.copyOf(results);
    }

    /// Whether anything was done besides asking.
    boolean hasCalled() {
        return !results.isEmpty();
    }

    /// Every call for an answer, in order.
    List<Attempt> attempts() {
        return List.copyOf(attempts);
    }

    /// What was said and done since the prompt, in order.
    List<ChatMessage> said() {
        return List.copyOf(said);
    }

    /// The same up to the last answer whose calls all have results: of one that broke off, or whose calls did, nothing.
    List<ChatMessage> doneSoFar() {
        int done = 0;
        int open = 0;
        for (int i = 0; i < said.size(); i++) {
            open = said.get(i) instanceof AiMessage answer
                    ? answer.toolExecutionRequests().size()
                    : open - 1;
            if (open == 0 && !(said.get(i) instanceof AiMessage)) {
                done = i + 1;
            }
        }
        return List.copyOf(said.subList(0, done));
    }

    TokenUsage usage() {
        return SummedUsage.of(usages);
    }

    long toolNanos() {
        return toolNanos;
    }

    /// The last answer.
    AiMessage answer() {
        return said.stream()
                .filter(AiMessage.class::isInstance)
                .map(AiMessage.class::cast)
                .reduce((_, last) -> Objects.requireNonNull(last))
                .orElseThrow();
    }
}
