package dev.parley.chat.completions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.parley.chat.Answer;
import dev.parley.chat.Face;
import dev.parley.chat.FailureView;
import dev.parley.chat.FinishReasons;
import dev.parley.chat.Frames;
import dev.parley.chat.ParleyView;
import dev.parley.chat.Problems;
import dev.parley.chat.Receipt;
import dev.parley.chat.Told;
import dev.parley.chat.TurnEvent;
import dev.parley.chat.TurnResult;
import dev.parley.postgres.Json;
import dev.parley.problem.Problem;
import dev.parley.tool.ToolCall;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Tells a turn as a chat completion: chunks while it runs, and the completion or an error at its end.
final class CompletionFace implements Face {

    private static final String DONE = "data: [DONE]\n\n";
    private static final String CHUNK = "chat.completion.chunk";

    private final CompletionHead head;
    private final boolean includeUsage;
    private final Json json;
    private final Set<Integer> startedCalls = new HashSet<>();
    private final StreamedContent content = new StreamedContent();
    private boolean started;

    CompletionFace(CompletionHead head, boolean includeUsage, Json json) {
        this.head = head;
        this.includeUsage = includeUsage;
        this.json = json;
    }

    /// A turn that fails before the first token is an error with a status, not a stream.
    @Override
    public void begin(Frames out) {}

    @Override
    public void on(TurnEvent event, Frames out) {
        switch (event) {
            case TurnEvent.Gathered _ -> {}
            case TurnEvent.TextDelta text -> delta(CompletionChunk.Delta.text(content.next(text.text())), out);
            case TurnEvent.RefusalDelta refusal -> delta(CompletionChunk.Delta.refusal(refusal.refusal()), out);
            case TurnEvent.Cited cited ->
                delta(CompletionChunk.Delta.annotation(cited.citation().moved(content.offset())), out);
            case TurnEvent.ToolCallDelta call -> delta(CompletionChunk.Delta.toolCall(piece(call)), out);
            case TurnEvent.ToolStarted started -> {
                content.endText();
                progress(ToolProgress.of(started.call()), out);
            }
            case TurnEvent.ToolEnded ended
            when ended.result().isAwaited() -> awaiting(ended.result().call(), out);
            case TurnEvent.ToolEnded ended -> progress(ToolProgress.of(ended.result()), out);
            case TurnEvent.ToolResumed resumed -> progress(ToolProgress.of(resumed.result()), out);
        }
    }

    @Override
    public Told end(TurnResult result, Frames out) {
        return switch (result) {
            case TurnResult.Answered answered -> complete(answered.answer(), out);
            case TurnResult.CutShort cut -> fail(cut.reason(), cut.receipt(), out);
            case TurnResult.Cancelled cancelled -> fail(Problems.cancelled(), cancelled.receipt(), out);
            case TurnResult.Failed failed -> fail(failed.problem(), failed.receipt(), out);
        };
    }

    /// OpenAI's clients take chunks without choices.
    private void progress(ToolProgress tool, Frames out) {
        start(out);
        out.send(_ -> frame(new CompletionChunk(
                head.id(), CHUNK, head.created(), head.model(), List.of(), noUsage(), new ChunkParley(null, tool))));
    }

    /// Among the calls that the client gets back, after those of its own functions.
    private void awaiting(ToolCall call, Frames out) {
        var delta =
                new TurnEvent.ToolCallDelta(startedCalls.size(), call.id().toString(), call.tool(), call.arguments());
        delta(CompletionChunk.Delta.toolCall(piece(delta)), out);
    }

    private ToolCallView piece(TurnEvent.ToolCallDelta call) {
        return startedCalls.add(call.index()) ? ToolCallView.first(call) : ToolCallView.further(call);
    }

    private void delta(CompletionChunk.Delta delta, Frames out) {
        start(out);
        out.send(_ -> frame(choice(delta, null)));
    }

    /// OpenAI's first chunk names the role.
    private void start(Frames out) {
        if (!started) {
            started = true;
            out.send(_ -> frame(choice(new CompletionChunk.Delta("assistant", "", null, null, null), null)));
        }
    }

    /// The receipt comes before the finishing chunks: OpenAI's Java client accepts nothing after those.
    private Told complete(Answer answer, Frames out) {
        start(out);
        var end = new StringBuilder(frame(chunk(List.of(), noUsage(), new ChunkParley(ParleyView.of(answer), null))));
        end.append(frame(choice(CompletionChunk.Delta.NOTHING, FinishReasons.of(answer.response()))));
        if (includeUsage) {
            UsageView usage = UsageView.of(answer.response().tokenUsage());
            end.append(frame(chunk(List.of(), json.toTree(usage), null)));
        }
        out.send(_ -> end.append(DONE).toString());
        return Told.ok(json.write(Completion.of(head, answer)));
    }

    /// OpenAI's clients throw on a payload with `error`, whatever its event is called. No `[DONE]` follows.
    private Told fail(Problem problem, Receipt receipt, Frames out) {
        var failure = FailureView.of(problem, receipt);
        out.send(_ -> frame(failure));
        Long retryAfter = problem.retryAfter().map(Duration::toMillis).orElse(null);
        return new Told(problem.kind().status(), started, retryAfter, json.write(failure), null);
    }

    private CompletionChunk choice(CompletionChunk.Delta delta, @Nullable String finishReason) {
        return chunk(List.of(new CompletionChunk.Choice(0, delta, null, finishReason)), noUsage(), null);
    }

    private CompletionChunk chunk(
            List<CompletionChunk.Choice> choices, @Nullable JsonNode usage, @Nullable ChunkParley parley) {
        return new CompletionChunk(head.id(), CHUNK, head.created(), head.model(), choices, usage, parley);
    }

    private @Nullable JsonNode noUsage() {
        return includeUsage ? NullNode.getInstance() : null;
    }

    private String frame(Object payload) {
        return "data: " + json.write(payload) + "\n\n";
    }
}
