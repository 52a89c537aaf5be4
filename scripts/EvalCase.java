import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A line of `cases.jsonl`: what a turn is given, and what its answer is held to.
///
/// @param input null where the prompt asks itself
record EvalCase(String name, JsonNode input, JsonNode variables, List<Expectation> expected) {

    private static final Set<String> MEMBERS = Set.of("name", "input", "variables", "expect");

    static List<EvalCase> all(Path file) throws IOException {
        if (!Files.isRegularFile(file)) throw new Http.Refused("no cases: " + file);
        var cases = new ArrayList<EvalCase>();
        var names = new HashSet<String>();
        int line = 0;
        for (var text : Files.readAllLines(file)) {
            line++;
            if (text.isBlank()) continue;
            try {
                var read = read(Http.JSON.readTree(text), line);
                if (!names.add(read.name)) throw new IllegalArgumentException("the name '%s' is taken".formatted(read.name));
                cases.add(read);
            } catch (IOException | IllegalArgumentException e) {
                throw new Http.Refused("%s:%d: %s".formatted(file, line, e.getMessage()));
            }
        }
        if (cases.isEmpty()) throw new Http.Refused("no cases in " + file);
        return cases;
    }

    private static EvalCase read(JsonNode line, int number) {
        line.fieldNames().forEachRemaining(name -> {
            if (!MEMBERS.contains(name)) throw new IllegalArgumentException("unknown member '%s'".formatted(name));
        });
        var expected = new ArrayList<Expectation>();
        line.path("expect").forEach(each -> expected.add(Expectation.of(each)));
        if (expected.isEmpty()) throw new IllegalArgumentException("'expect' holds no assertion");
        return new EvalCase(
                line.path("name").asText("case " + number), line.get("input"), line.get("variables"), List.copyOf(expected));
    }
}
