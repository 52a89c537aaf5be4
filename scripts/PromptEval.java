import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.StreamSupport;

/// Runs a version of a prompt over cases, beside the one in production.
///
/// It fails (exit code 1) where a case passes in production and fails in the candidate, and where fewer cases pass than
/// was asked for.
final class PromptEval {

    private final Http http;
    private final Options options;

    PromptEval(Http http, Options options) {
        this.http = http;
        this.options = options;
    }

    /// @param version a number, a label or `latest`
    /// @param against the same, or `none`
    /// @param minPass share of the cases that must pass, from 0 to 1
    /// @param report null for none
    record Options(
            String prompt, Path cases, String version, String against, double minPass, int parallel, Path report) {

        static Options read(Path folder, List<String> arguments) {
            var named = new ArrayList<>(arguments);
            var cases = take(named, "--cases");
            var options = new Options(
                    "",
                    null,
                    take(named, "--version").orElse("latest"),
                    take(named, "--against").orElse("production"),
                    number(take(named, "--min-pass").orElse("0")),
                    (int) number(take(named, "--parallel").orElse("4")),
                    take(named, "--json").map(Path::of).orElse(null));
            if (named.size() != 1 || named.getFirst().startsWith("--")) {
                throw new Http.Refused("name one prompt, and options it knows; got: " + String.join(" ", named));
            }
            var prompt = named.getFirst();
            var file = cases.map(Path::of).orElse(folder.resolve(prompt).resolve("cases.jsonl"));
            return new Options(
                    prompt, file, options.version, options.against, options.minPass, Math.max(1, options.parallel), options.report);
        }

        private static Optional<String> take(List<String> arguments, String name) {
            int at = arguments.indexOf(name);
            if (at < 0) return Optional.empty();
            if (at + 1 == arguments.size()) throw new Http.Refused(name + " needs a value");
            arguments.remove(at);
            return Optional.of(arguments.remove(at));
        }

        private static double number(String text) {
            try {
                return Double.parseDouble(text);
            } catch (NumberFormatException e) {
                throw new Http.Refused("not a number: " + text);
            }
        }
    }

    /// @param failures why it does not pass
    record Outcome(EvalAnswer answer, List<String> failures) {

        boolean passes() {
            return failures.isEmpty();
        }
    }

    /// One case by both versions.
    ///
    /// @param baseline null without one
    record Row(EvalCase tested, Outcome baseline, Outcome candidate) {

        boolean isRegression() {
            return baseline != null && baseline.passes() && !candidate.passes();
        }
    }

    int run() throws IOException, InterruptedException {
        var cases = EvalCase.all(options.cases);
        var prompt = http.get("/v1/prompts/" + options.prompt);
        int candidate = number(prompt, options.version);
        Integer baseline = baseline(prompt);
        var tried = outcomes(cases, candidate);
        var before = baseline == null ? null : baseline == candidate ? tried : outcomes(cases, baseline);
        var rows = new ArrayList<Row>();
        for (int i = 0; i < cases.size(); i++) {
            rows.add(new Row(cases.get(i), before == null ? null : before.get(i), tried.get(i)));
        }
        System.out.print(EvalTable.of(options.prompt, options.against, baseline, candidate, rows));
        var verdict = verdict(rows);
        System.out.println(verdict.orElse("No regression."));
        if (options.report != null) report(baseline, candidate, rows, verdict.isEmpty());
        return verdict.isEmpty() ? 0 : 1;
    }

    private Optional<String> verdict(List<Row> rows) {
        var regressions = rows.stream().filter(Row::isRegression).map(row -> row.tested.name()).toList();
        if (!regressions.isEmpty()) {
            return Optional.of("Regression: %s passed before and fails now.".formatted(String.join(", ", regressions)));
        }
        double rate = rows.stream().filter(row -> row.candidate.passes()).count() / (double) rows.size();
        return rate < options.minPass
                ? Optional.of(String.format(
                        Locale.ROOT, "%.0f %% of the cases pass, fewer than %.0f %%.", 100 * rate, 100 * options.minPass))
                : Optional.empty();
    }

    /// Null where there is none: a prompt that is not in production yet has nothing to fall behind.
    private Integer baseline(JsonNode prompt) {
        if (options.against.equals("none")) return null;
        if (options.against.equals("production") && !prompt.path("labels").has("production")) return null;
        return number(prompt, options.against);
    }

    /// Of a split the version with the largest share.
    private int number(JsonNode prompt, String named) {
        if (named.matches("\\d{1,9}")) return Integer.parseInt(named);
        if (named.equals("latest")) return prompt.path("latest_version").asInt();
        var target = prompt.path("labels").path(named);
        if (target.isMissingNode()) throw new Http.Refused("the prompt '%s' has no label '%s'".formatted(options.prompt, named));
        if (target.has("version")) return target.path("version").asInt();
        return StreamSupport.stream(target.path("split").spliterator(), false)
                .max(Comparator.comparingDouble(part -> part.path("percent").asDouble()))
                .orElseThrow()
                .path("version")
                .asInt();
    }

    private List<Outcome> outcomes(List<EvalCase> cases, int version) throws InterruptedException {
        try (var pool = Executors.newFixedThreadPool(options.parallel)) {
            var runs = pool.invokeAll(cases.stream()
                    .<Callable<Outcome>>map(each -> () -> outcome(each, version))
                    .toList());
            var outcomes = new ArrayList<Outcome>();
            for (var run : runs) outcomes.add(run.get());
            return outcomes;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }

    private Outcome outcome(EvalCase tested, int version) {
        try {
            var answer = EvalAnswer.ask(http, request(tested, version));
            var failures = new ArrayList<String>();
            for (var expectation : tested.expected()) expectation.failure(http, answer).ifPresent(failures::add);
            return new Outcome(answer, failures);
        } catch (Http.Refused e) {
            return new Outcome(new EvalAnswer("", List.of(), 0, 0), List.of("no answer: " + e.getMessage()));
        }
    }

    private ObjectNode request(EvalCase tested, int version) {
        var request = Http.JSON.createObjectNode().put("store", false);
        if (tested.input() != null) request.set("input", tested.input());
        var prompt = request.putObject("prompt").put("id", options.prompt).put("version", Integer.toString(version));
        if (tested.variables() != null) prompt.set("variables", tested.variables());
        return request;
    }

    private void report(Integer baseline, int candidate, List<Row> rows, boolean passed) throws IOException {
        var report = Http.JSON.createObjectNode().put("prompt", options.prompt).put("passed", passed);
        report.put("candidate", candidate).put("baseline", baseline);
        var lines = report.putArray("cases");
        for (var row : rows) {
            var line = lines.addObject().put("name", row.tested.name()).put("regression", row.isRegression());
            line.set("candidate", report(row.candidate));
            if (row.baseline != null) line.set("baseline", report(row.baseline));
        }
        Files.writeString(options.report, Http.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report));
    }

    private static ObjectNode report(Outcome outcome) {
        var report = Http.JSON.createObjectNode().put("passed", outcome.passes()).put("text", outcome.answer().text());
        outcome.failures().forEach(report.putArray("failures")::add);
        return report.put("latency_ms", outcome.answer().latencyMillis()).put("cost_micros", outcome.answer().costMicros());
    }
}
