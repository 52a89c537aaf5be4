package dev.parley.architecture;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// A GitHub workflow and what is wrong with it. GitHub itself would say so only after a push, or never.
record Workflow(String name, String text, Map<?, ?> yaml) {

    static final Path FOLDER = Path.of(".github/workflows");

    private static final Pattern USES = Pattern.compile("(?m)^\\s*(?:- )?uses: *(\\S+)(.*)$");
    private static final Pattern PINNED = Pattern.compile("[\\w.-]+/[\\w./-]+@[0-9a-f]{40}");
    private static final Pattern VERSION = Pattern.compile(" # v?\\d+\\.\\d+(\\.\\d+)?");
    private static final Pattern NEEDED = Pattern.compile("\\bneeds\\.([\\w-]+)");
    private static final Pattern STEP = Pattern.compile("\\bsteps\\.([\\w-]+)");

    private static final String CREDENTIALS = "aws-actions/configure-aws-credentials@";

    static List<Workflow> all() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files.sorted().map(Workflow::read).toList();
        }
    }

    static Workflow of(String name, String text) {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new Workflow(name, text, new Yaml(new SafeConstructor(options)).load(text));
    }

    private static Workflow read(Path file) {
        try {
            return of(file.getFileName().toString(), Files.readString(file));
        } catch (IOException e) {
            throw new IllegalStateException(file.toString(), e);
        }
    }

    List<String> breaches() {
        var breaches = new ArrayList<String>();
        uses().filter(use -> !isLocal(use.group(1)) && !isPinned(use))
                .forEach(use -> breaches.add(use.group(1) + " is not pinned by commit with its version as a comment"));
        if (!yaml.containsKey("permissions")) {
            breaches.add("no permissions at the top");
        }
        if (!isOnlyCalled() && !yaml.containsKey("concurrency") && !everyJobHas("concurrency")) {
            breaches.add("no concurrency");
        }
        if (triggers().contains("pull_request_target")) {
            breaches.add("pull_request_target hands secrets to a stranger's code");
        }
        jobs().forEach((id, job) -> breachesOf(job).forEach(breach -> breaches.add(id + ": " + breach)));
        return breaches;
    }

    /// Each action with the commit it is pinned to.
    Stream<String> pins() {
        return uses().map(use -> use.group(1)).filter(use -> !isLocal(use));
    }

    /// The scripts of all steps.
    Stream<String> scripts() {
        return jobs().values().stream().flatMap(job -> steps(job).stream()).flatMap(step -> text(step, "run"));
    }

    private Stream<String> breachesOf(Map<?, ?> job) {
        var breaches = new ArrayList<String>();
        if (!job.containsKey("permissions")) {
            breaches.add("no permissions");
        }
        if (job.containsKey("uses")) {
            breaches.addAll(breachesOfCall(job));
        } else if (!job.containsKey("timeout-minutes")) {
            breaches.add("no timeout-minutes");
        }
        if (outlivesItsCredentials(job)) {
            breaches.add("may run longer than its credentials hold");
        }
        var ids = steps(job).stream().flatMap(step -> text(step, "id")).toList();
        named(NEEDED, job)
                .filter(name -> !needs(job).contains(name))
                .forEach(name -> breaches.add(name + " not in needs"));
        needs(job).stream().filter(need -> !jobs().containsKey(need)).forEach(need -> breaches.add("no job " + need));
        named(STEP, job).filter(name -> !ids.contains(name)).forEach(name -> breaches.add("no step " + name));
        steps(job).forEach(step -> breaches.addAll(breachesOfStep(step)));
        return breaches.stream();
    }

    private static List<String> breachesOfCall(Map<?, ?> job) {
        var called = Path.of(job.get("uses").toString()).normalize();
        if (!Files.isRegularFile(called)) {
            return List.of("no workflow " + called);
        }
        var declared = read(called).inputs();
        return map(job.get("with")).keySet().stream()
                .filter(input -> !declared.containsKey(input))
                .map(input -> called + " has no input " + input)
                .toList();
    }

    private static List<String> breachesOfStep(Map<?, ?> step) {
        var breaches = new ArrayList<String>();
        if (text(step, "run").anyMatch(script -> script.contains("${{"))) {
            breaches.add("an expression inside a script lets its value be a script; hand it over in env");
        }
        boolean keepsToken = text(step, "uses").anyMatch(action -> action.startsWith("actions/checkout@"))
                && !Boolean.FALSE.equals(map(step.get("with")).get("persist-credentials"));
        if (keepsToken) {
            breaches.add("checkout leaves the token to every later step");
        }
        return breaches;
    }

    /// Credentials for AWS hold for an hour unless the step asks for more.
    private static boolean outlivesItsCredentials(Map<?, ?> job) {
        int seconds = 60 * number(job, "timeout-minutes", 0);
        return steps(job).stream()
                .filter(step -> text(step, "uses").anyMatch(action -> action.startsWith(CREDENTIALS)))
                .anyMatch(step -> seconds > number(map(step.get("with")), "role-duration-seconds", 3600));
    }

    private Stream<MatchResult> uses() {
        return USES.matcher(text).results();
    }

    private static boolean isLocal(String action) {
        return action.startsWith("./");
    }

    private static boolean isPinned(MatchResult use) {
        return PINNED.matcher(use.group(1)).matches()
                && VERSION.matcher(use.group(2)).matches();
    }

    /// YAML 1.1, which the parser speaks, reads the key `on` as true.
    private Collection<?> triggers() {
        Object on = yaml.containsKey(true) ? yaml.get(true) : yaml.get("on");
        return switch (on) {
            case Map<?, ?> map -> map.keySet();
            case Collection<?> names -> names;
            default -> List.of(String.valueOf(on));
        };
    }

    private boolean isOnlyCalled() {
        return triggers().stream().allMatch("workflow_call"::equals);
    }

    private boolean everyJobHas(String key) {
        return jobs().values().stream().allMatch(job -> job.containsKey(key));
    }

    private Map<?, ?> inputs() {
        return map(map(map(yaml.get(true)).get("workflow_call")).get("inputs"));
    }

    @SuppressWarnings("unchecked")
    private Map<String, Map<?, ?>> jobs() {
        return (Map<String, Map<?, ?>>) yaml.get("jobs");
    }

    private static List<String> needs(Map<?, ?> job) {
        return switch (job.get("needs")) {
            case null -> List.of();
            case Collection<?> several -> several.stream().map(String::valueOf).toList();
            case Object one -> List.of(one.toString());
        };
    }

    @SuppressWarnings("unchecked")
    private static List<Map<?, ?>> steps(Map<?, ?> job) {
        return job.get("steps") instanceof List<?> steps ? (List<Map<?, ?>>) steps : List.of();
    }

    private static Map<?, ?> map(Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static int number(Map<?, ?> value, String key, int otherwise) {
        return value.get(key) instanceof Integer number ? number : otherwise;
    }

    private static Stream<String> text(Map<?, ?> step, String key) {
        return Stream.ofNullable(step.get(key)).map(Object::toString);
    }

    /// The names that the expressions of a job use.
    private static Stream<String> named(Pattern pattern, Map<?, ?> job) {
        var expressions = Pattern.compile("\\$\\{\\{(.*?)}}")
                .matcher(job.toString())
                .results()
                .map(MatchResult::group);
        return pattern.matcher(expressions.collect(joining("\n")))
                .results()
                .map(match -> match.group(1))
                .distinct();
    }
}
