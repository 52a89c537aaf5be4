import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// Cases and totals of an evaluation, in Markdown.
final class EvalTable {

    private EvalTable() {}

    /// @param baseline null without one
    static String of(String prompt, String against, Integer baseline, int candidate, List<PromptEval.Row> rows) {
        var text = new StringBuilder("Prompt %s: version %d%s%n%n"
                .formatted(prompt, candidate, baseline == null ? "" : ", beside version %d (%s)".formatted(baseline, against)));
        text.append("| Case | Before | Now | Why |\n|---|---|---|---|\n");
        for (var row : rows) {
            text.append("| %s | %s | %s | %s |%n".formatted(
                    cell(row.tested().name()),
                    row.baseline() == null ? "-" : mark(row.baseline()),
                    mark(row.candidate()) + (row.isRegression() ? " (regression)" : ""),
                    cell(String.join("; ", row.candidate().failures()))));
        }
        text.append("\n| | Before | Now |\n|---|---:|---:|\n");
        line(text, "Cases passed", baseline, rows, EvalTable::passed);
        line(text, "Latency, median, ms", baseline, rows, EvalTable::latency);
        line(text, "Cost, micro-dollars", baseline, rows, EvalTable::cost);
        return text.append('\n').toString();
    }

    private static void line(
            StringBuilder text,
            String name,
            Integer baseline,
            List<PromptEval.Row> rows,
            Function<List<PromptEval.Outcome>, String> total) {
        var before = baseline == null ? "-" : total.apply(rows.stream().map(PromptEval.Row::baseline).toList());
        text.append("| %s | %s | %s |%n".formatted(name, before, total.apply(rows.stream().map(PromptEval.Row::candidate).toList())));
    }

    private static String passed(List<PromptEval.Outcome> outcomes) {
        long passed = outcomes.stream().filter(PromptEval.Outcome::passes).count();
        return String.format(Locale.ROOT, "%d of %d (%.0f %%)", passed, outcomes.size(), 100.0 * passed / outcomes.size());
    }

    private static String latency(List<PromptEval.Outcome> outcomes) {
        var sorted = outcomes.stream().mapToLong(each -> each.answer().latencyMillis()).sorted().toArray();
        return Long.toString(sorted[sorted.length / 2]);
    }

    private static String cost(List<PromptEval.Outcome> outcomes) {
        return Long.toString(outcomes.stream().mapToLong(each -> each.answer().costMicros()).sum());
    }

    private static String mark(PromptEval.Outcome outcome) {
        return outcome.passes() ? "pass" : "FAIL";
    }

    /// In one line, and no column of its own.
    private static String cell(String text) {
        return text.replaceAll("\\s+", " ").replace("|", "\\|");
    }
}
