package dev.parley.chat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.parley.model.GenerationListener;
import dev.parley.model.Refusal;
import dev.parley.tool.Tool;
import dev.parley.tool.ToolCall;
import dev.parley.tool.ToolInfo;
import dev.parley.tool.ToolResult;
import dev.parley.tool.Tools;
import java.util.ArrayList;
import java.util.List;

/// Turns what a model says into the turn's events, each citation right after the piece that completes its marker.
final class Narrator implements GenerationListener {

    private final Progress progress;
    private final Evidence evidence;
    private final AdmittedTurn turn;
    private final CallNames names;
    private final List<Utterance> before = new ArrayList<>();
    private CitationScanner scanner;
    private List<Citation> citations = new ArrayList<>();
    private final StringBuilder current = new StringBuilder();
    private boolean said;

    Narrator(Progress progress, Evidence evidence, AdmittedTurn turn, ChatRequest prompt) {
        this.progress = progress;
        this.evidence = evidence;
        this.turn = turn;
        this.names =
                new CallNames(turn.ticket().turn(), tools(), prompt.parameters().toolSpecifications());
        this.scanner = new CitationScanner(evidence);
    }

    private Tools tools() {
        return turn.request().tools().opened();
    }

    /// Whether the turn has tools of this side.
    boolean hasTools() {
        return !tools().isEmpty();
    }

    @Override
    public void onText(String delta) {
        said |= !delta.isEmpty();
        current.append(delta);
        progress.tell(new TurnEvent.TextDelta(delta));
        for (Citation citation : scanner.next(delta)) {
            citations.add(citation);
            progress.tell(new TurnEvent.Cited(citation));
        }
    }

    @Override
    public void onRefusal(String delta) {
        said |= !delta.isEmpty();
        progress.tell(new TurnEvent.RefusalDelta(delta));
    }

    /// What this side answers is told when it is whole.
    @Override
    public void onToolCall(int index, String id, String name, String argumentsDelta) {
        CallNames.Named named = names.name(index, id, name);
        if (!named.isOurs()) {
            progress.tell(new TurnEvent.ToolCallDelta(named.place(), named.id(), name, argumentsDelta));
        }
    }

    @Override
    public boolean isCancelled() {
        return progress.lease().isOver();
    }

    /// An answer is whole. Nobody heard one that came in one piece: of a turn with tools it is told now, because what
    /// happens between its answers has a place among them.
    ///
    /// @return with the ids of its calls
    AiMessage answered(CachedModels.Reply reply) {
        AiMessage answer = reply.generation().response().aiMessage();
        if (!turn.manner().streamed()) {
            whole(answer);
        } else if (reply.isFromCache()) {
            onText(String.valueOf(answer.text()));
        }
        AiMessage named = names.named(answer);
        before.add(new Utterance(answer.text() == null ? "" : answer.text(), List.copyOf(citations)));
        current.setLength(0);
        names.nextRound();
        scanner = new CitationScanner(evidence);
        citations = new ArrayList<>();
        return named;
    }

    private void whole(AiMessage answer) {
        if (hasTools()) {
            tell(answer);
        } else if (answer.text() != null) {
            said |= !answer.text().isEmpty();
            citations.addAll(scanner.next(answer.text()));
        }
    }

    private void tell(AiMessage answer) {
        if (answer.text() != null && !answer.text().isEmpty()) {
            onText(answer.text());
        }
        Refusal.of(answer).ifPresent(this::onRefusal);
        int index = 0;
        for (ToolExecutionRequest call : answer.toolExecutionRequests()) {
            onToolCall(index++, call.id(), call.name(), call.arguments());
        }
    }

    /// A call of this side's tools is about to be made, unless somebody has to approve it.
    void started(ToolCall call) {
        boolean approval = tools().find(call.tool())
                .map(tool -> tool.info().traits().approval())
                .orElse(false);
        if (!approval) {
            progress.tell(new TurnEvent.ToolStarted(call, label(call)));
        }
    }

    void ended(ToolResult result) {
        progress.tell(new TurnEvent.ToolEnded(result, label(result.call())));
    }

    /// A call of an earlier turn, that was approved since.
    void resumed(ToolResult result) {
        progress.tell(new TurnEvent.ToolStarted(result.call(), label(result.call())));
        progress.tell(new TurnEvent.ToolResumed(result, label(result.call())));
    }

    private String label(ToolCall call) {
        return tools().find(call.tool()).map(Tool::info).map(ToolInfo::label).orElse(ToolInfo.OWN);
    }

    /// Whether the model said anything, if only its beginning.
    boolean hasSaid() {
        return said;
    }

    /// The beginning of an answer that is not whole.
    String unfinished() {
        return current.toString();
    }

    /// Everything that was said, with the beginning of an answer that is not whole.
    Utterance soFar() {
        List<Utterance> all = new ArrayList<>(before);
        all.add(new Utterance(current.toString(), List.copyOf(citations)));
        return Utterance.joined(all);
    }

    /// Everything that was said, as one.
    Utterance all() {
        return Utterance.joined(before);
    }
}
