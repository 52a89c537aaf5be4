package dev.parley.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.parley.postgres.Json;
import dev.parley.problem.ErrorEnvelope;
import dev.parley.problem.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes a turn's events as OpenAI streams them: one `data:` line per chunk, flushed at once.
final class ChunkWriter {

    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HEARTBEAT = ": still here\n\n".getBytes(StandardCharsets.US_ASCII);

    private final CompletionHead head;
    private final boolean includeUsage;
    private final Json json;
    private final OutputStream out;
    private final Set<Integer> startedCalls = new HashSet<>();
    private boolean started;

    ChunkWriter(CompletionHead head, boolean includeUsage, Json json, OutputStream out) {
        this.head = head;
        this.includeUsage = includeUsage;
        this.json = json;
        this.out = out;
    }

    void write(TurnEvent event) throws IOException {
        switch (event) {
            case TurnEvent.TextDelta text -> delta(CompletionChunk.Delta.text(text.text()));
            case TurnEvent.RefusalDelta refusal -> delta(CompletionChunk.Delta.refusal(refusal.refusal()));
            case TurnEvent.Cited cited -> delta(CompletionChunk.Delta.annotation(cited.citation()));
            case TurnEvent.ToolCallDelta call -> delta(CompletionChunk.Delta.toolCall(piece(call)));
            case TurnEvent.Completed completed -> complete(completed.answer());
            case TurnEvent.Failed failed -> fail(failed.problem());
        }
    }

    /// A comment: clients ignore it, proxies see that the connection lives.
    void heartbeat() throws IOException {
        out.write(HEARTBEAT);
        out.flush();
    }

    private ToolCallView piece(TurnEvent.ToolCallDelta call) {
        return startedCalls.add(call.index()) ? ToolCallView.first(call) : ToolCallView.further(call);
    }

    private void delta(CompletionChunk.Delta delta) throws IOException {
        start();
        choice(delta, null);
    }

    /// OpenAI's first chunk names the role.
    private void start() throws IOException {
        if (!started) {
            started = true;
            choice(new CompletionChunk.Delta("assistant", "", null, null, null), null);
        }
    }

    /// The receipt comes before the finishing chunks: OpenAI's Java client accepts nothing after those.
    private void complete(Answer answer) throws IOException {
        start();
        send(chunk(List.of(), noUsage(), new ParleyView(answer.receipt())));
        choice(CompletionChunk.Delta.NOTHING, FinishReasons.of(answer.response()));
        if (includeUsage) {
            UsageView usage = UsageView.of(answer.response().tokenUsage());
            send(chunk(List.of(), json.toTree(usage), null));
        }
        out.write(DONE);
        out.flush();
    }

    /// OpenAI's clients throw on a payload with `error`, whatever its event is called. No `[DONE]` follows.
    private void fail(Problem problem) throws IOException {
        send(ErrorEnvelope.of(problem));
    }

    private void choice(CompletionChunk.Delta delta, @Nullable String finishReason) throws IOException {
        send(chunk(List.of(new CompletionChunk.Choice(0, delta, null, finishReason)), noUsage(), null));
    }

    private CompletionChunk chunk(
            List<CompletionChunk.Choice> choices, @Nullable JsonNode usage, @Nullable ParleyView parley) {
        return new CompletionChunk(
                head.id(), "chat.completion.chunk", head.created(), head.model(), choices, usage, parley);
    }

    private @Nullable JsonNode noUsage() {
        return includeUsage ? NullNode.getInstance() : null;
    }

    private void send(Object payload) throws IOException {
        out.write(DATA);
        out.write(json.writeBytes(payload));
        out.write(END);
        out.flush();
    }
}
