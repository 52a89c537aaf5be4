import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/// A retrieval collection in BEIR's layout: `corpus.jsonl`, `queries.jsonl`, and `qrels.tsv` or `qrels/test.tsv`.
record Collection(
        String name, Map<String, String> documents, Map<String, String> queries, Map<String, Map<String, Integer>> grades) {

    /// Documents without a word and queries without a graded document are left out.
    static Collection read(Path folder) throws IOException {
        var grades = grades(folder);
        var documents = lines(folder.resolve("corpus.jsonl"), Collection::page);
        documents.values().removeIf(String::isEmpty);
        var queries = lines(folder.resolve("queries.jsonl"), node -> text(node, "text"));
        queries.keySet().retainAll(grades.keySet());
        return new Collection(folder.toRealPath().getFileName().toString(), documents, queries, grades);
    }

    /// The document as a page, so that its title is the heading that it is; empty if it has no word.
    private static String page(JsonNode node) {
        String title = text(node, "title"), text = text(node, "text");
        if ((title + text).isEmpty()) return "";
        return "<h1>" + escaped(title) + "</h1>\n<p>" + escaped(text).replace("\n\n", "</p>\n<p>") + "</p>\n";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText().strip();
    }

    private static Map<String, String> lines(Path file, Function<JsonNode, String> content) throws IOException {
        var texts = new LinkedHashMap<String, String>();
        for (var line : Files.readAllLines(file)) {
            if (line.isBlank()) continue;
            JsonNode node = Http.JSON.readTree(line);
            texts.put(node.path("_id").asText(), content.apply(node));
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
