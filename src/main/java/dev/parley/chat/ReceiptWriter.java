package dev.parley.chat;

import dev.langchain4j.model.output.TokenUsage;
import dev.parley.conversation.Remembered;
import dev.parley.knowledge.Hit;
import dev.parley.model.Attempt;
import dev.parley.model.Generation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Writes a turn's receipt.
final class ReceiptWriter {

    private ReceiptWriter() {}

    /// @param start of the turn, by `System.nanoTime`
    static Receipt write(Asker asker, TurnRequest request, Draft draft, Generation generation, long start) {
        List<Attempt> attempts = generation.attempts();
        return new Receipt(
                asker.requestId(),
                generation.model(),
                generation.provider(),
                !generation.model().equals(request.model()),
                attempts.stream().map(ReceiptWriter::attempt).toList(),
                passages(draft.evidence()),
                draft.evidence().searched() ? draft.evidence().degraded() : null,
                memory(request.memory(), draft.remembered()),
                tokens(generation.response().tokenUsage()),
                generation.costMicros(),
                millis(generation.timeToFirstToken()),
                overhead(attempts, System.nanoTime() - start),
                warnings(generation));
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
            TurnRequest.@Nullable Memory asked, @Nullable Remembered remembered) {
        return asked == null || remembered == null
                ? null
                : new Receipt.MemoryLine(
                        asked.conversation().toString(), remembered.messages().size(), remembered.tokens());
    }

    static Receipt.Tokens tokens(@Nullable TokenUsage usage) {
        return usage == null
                ? new Receipt.Tokens(0, 0)
                : new Receipt.Tokens(orZero(usage.inputTokenCount()), orZero(usage.outputTokenCount()));
    }

    private static List<String> warnings(Generation generation) {
        return generation.warnings().stream()
                .map(warning -> warning.name().toLowerCase(Locale.ROOT))
                .sorted()
                .toList();
    }

    private static double overhead(List<Attempt> attempts, long turnNanos) {
        long waited = attempts.stream()
                .mapToLong(attempt -> attempt.duration().toNanos())
                .sum();
        return millis(Duration.ofNanos(Math.max(0, turnNanos - waited)));
    }

    /// Three decimals tell all there is.
    private static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 1e3) / 1e3;
    }

    private static int orZero(@Nullable Integer count) {
        return count == null ? 0 : count;
    }
}
