import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A retrieval collection in BEIR's layout: `corpus.jsonl`, `queries.jsonl`, and `qrels.tsv` or `qrels/test.tsv`.
record Collection(
        String name, Map<String, String> documents, Map<String, String> queries, Map<String, Map<String, Integer>> grades) {

    /// Documents without a word and queries without a graded document are left out.
    static Collection read(Path folder) throws IOException {
        var grades = grades(folder);
        var documents = lines(folder.resolve("corpus.jsonl"), "title", "text");
        documents.values().removeIf(String::isBlank);
        var queries = lines(folder.resolve("queries.jsonl"), "text");
        queries.keySet().retainAll(grades.keySet());
        return new Collection(folder.toRealPath().getFileName().toString(), documents, queries, grades);
    }

    private static Map<String, String> lines(Path file, String... fields) throws IOException {
        var texts = new LinkedHashMap<String, String>();
        for (var line : Files.readAllLines(file)) {
            if (line.isBlank()) continue;
            JsonNode node = Http.JSON.readTree(line);
            var parts = List.of(fields).stream().map(field -> node.path(field).asText().strip());
            texts.put(node.path("_id").asText(), String.join("\n\n", parts.toList()).strip());
        }
        return texts;
    }

    private static Map<String, Map<String, Integer>> grades(Path folder) throws IOException {
        var flat = folder.resolve("qrels.tsv");
        var grades = new HashMap<String, Map<String, Integer>>();
        for (var line : Files.readAllLines(Files.exists(flat) ? flat : folder.resolve("qrels/test.tsv"))) {
            var fields = line.strip().split("\t");
            if (fields.length != 3 || fields[0].equals("query-id")) continue;
            int grade = Integer.parseInt(fields[2]);
            if (grade > 0) grades.computeIfAbsent(fields[0], query -> new HashMap<>()).put(fields[1], grade);
        }
        return grades;
    }
}
