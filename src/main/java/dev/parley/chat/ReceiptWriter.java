package dev.parley.chat;

import dev.parley.conversation.ConversationId;
import dev.parley.conversation.Remembered;
import dev.parley.conversation.Summary;
import dev.parley.knowledge.Hit;
import dev.parley.model.Attempt;
import dev.parley.model.Generation;
import dev.parley.model.Paid;
import dev.parley.tool.ToolResult;
import dev.parley.usage.TurnSpend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Writes a turn's receipt.
final class ReceiptWriter {

    private final Asker asker;
    private final TurnRequest request;
    private final TurnSpend spend;
    private final long start;

    /// @param start of the turn, by `System.nanoTime`
    ReceiptWriter(Asker asker, TurnRequest request, TurnSpend spend, long start) {
        this.asker = asker;
        this.request = request;
        this.spend = spend;
        this.start = start;
    }

    Receipt answered(Draft draft, CachedModels.Reply reply, Dialogue dialogue) {
        Generation generation = reply.generation();
        return receipt(
                        draft,
                        Work.of(draft, dialogue),
                        new Receipt.Answerer(
                                generation.model(),
                                generation.provider(),
                                generation.fallback(),
                                millis(generation.timeToFirstToken())),
                        warnings(draft, generation))
                .withCache(reply.cache());
    }

    /// Of a turn without a whole answer.
    ///
    /// @param more calls for an answer that the dialogue does not know
    Receipt failed(@Nullable Draft draft, @Nullable Dialogue dialogue, List<Attempt> more) {
        return receipt(
                draft, Work.of(draft, dialogue).and(more), null, warnings(draft).toList());
    }

    /// What was done for the answer.
    private record Work(List<Attempt> attempts, List<ToolResult> tools, long toolNanos) {

        static Work of(@Nullable Draft draft, @Nullable Dialogue dialogue) {
            var tools = new ArrayList<ToolResult>(draft == null ? List.of() : draft.resumed());
            if (dialogue == null) {
                return new Work(List.of(), tools, 0);
            }
            tools.addAll(dialogue.results());
            return new Work(dialogue.attempts(), tools, dialogue.toolNanos());
        }

        Work and(List<Attempt> more) {
            return new Work(Stream.concat(attempts.stream(), more.stream()).toList(), tools, toolNanos);
        }

        @Nullable
        List<Receipt.ToolLine> lines() {
            return tools.isEmpty()
                    ? null
                    : tools.stream().map(Receipt.ToolLine::of).toList();
        }
    }

    private Receipt receipt(
            @Nullable Draft draft, Work work, Receipt.@Nullable Answerer answerer, List<String> warnings) {
        List<Paid> paid = spend.paid();
        return new Receipt(
                asker.requestId(),
                answerer,
                prompt(request.prompt()),
                work.attempts.stream().map(ReceiptWriter::attempt).toList(),
                draft == null ? null : passages(draft.evidence()),
                draft == null || !draft.evidence().searched()
                        ? null
                        : draft.evidence().degraded(),
                draft == null ? null : memory(request.conversation(), draft.remembered()),
                null,
                work.lines(),
                tokens(paid),
                spend.micros(),
                paid.stream().anyMatch(Paid::estimated),
                overhead(draft, work, System.nanoTime() - start),
                warnings);
    }

    private static Receipt.@Nullable PromptLine prompt(@Nullable UsedPrompt prompt) {
        return prompt == null
                ? null
                : new Receipt.PromptLine(prompt.id(), prompt.name(), prompt.version(), prompt.label());
    }

    private static Receipt.AttemptLine attempt(Attempt attempt) {
        return new Receipt.AttemptLine(
                attempt.model(), attempt.provider(), millis(attempt.duration()), attempt.failure());
    }

    private static @Nullable List<Receipt.PassageLine> passages(Evidence evidence) {
        if (!evidence.searched()) {
            return null;
        }
        var lines = new ArrayList<Receipt.PassageLine>();
        for (Hit hit : evidence.hits()) {
            lines.add(new Receipt.PassageLine(
                    lines.size() + 1,
                    hit.file().toString(),
                    hit.filename(),
                    hit.vectorStore().toString(),
                    hit.score(),
                    hit.page()));
        }
        return lines;
    }

    private static Receipt.@Nullable MemoryLine memory(
            @Nullable ConversationId conversation, @Nullable Remembered remembered) {
        return conversation == null || remembered == null
                ? null
                : new Receipt.MemoryLine(
                        conversation.toString(),
                        remembered.messages().size(),
                        remembered.tokens(),
                        summary(remembered.summary()));
    }

    private static Receipt.@Nullable SummaryLine summary(@Nullable Summary summary) {
        return summary == null
                ? null
                : new Receipt.SummaryLine(summary.through().item(), summary.tokens(), summary.model());
    }

    /// Of everything that was paid, which may be more than the answer.
    private static Receipt.Tokens tokens(List<Paid> paid) {
        return new Receipt.Tokens(
                paid.stream().mapToLong(Paid::inputTokens).sum(),
                paid.stream().mapToLong(Paid::outputTokens).sum());
    }

    private static List<String> warnings(Draft draft, Generation generation) {
        Stream<String> ofAnswer =
                generation.warnings().stream().map(warning -> warning.name().toLowerCase(Locale.ROOT));
        return Stream.concat(warnings(draft), ofAnswer).sorted().toList();
    }

    private static Stream<String> warnings(@Nullable Draft draft) {
        return draft != null && draft.memory() != null && draft.memory().failed()
                ? Stream.of("summary_failed")
                : Stream.empty();
    }

    private static double overhead(@Nullable Draft draft, Work work, long turnNanos) {
        long summary = draft == null || draft.memory() == null
                ? 0
                : draft.memory().waited().toNanos();
        long waited = work.attempts.stream()
                .mapToLong(attempt -> attempt.duration().toNanos())
                .sum();
        return millis(Duration.ofNanos(Math.max(0, turnNanos - waited - work.toolNanos - summary)));
    }

    /// Three decimals tell all there is.
    private static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 1e3) / 1e3;
    }
}
