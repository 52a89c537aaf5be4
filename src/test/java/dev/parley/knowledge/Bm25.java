package dev.parley.knowledge;

import java.util.List;
import java.util.Map;

/// BM25 as the textbook writes it, in memory: what the SQL has to agree with.
///
/// @param documents each as its terms with their frequencies
record Bm25(List<Map<String, Integer>> documents) {

    private static final double K1 = 1.2;
    private static final double B = 0.75;

    /// The share of what the query could reach.
    double score(Map<String, Integer> document, Map<String, Integer> query) {
        double score = 0;
        double bound = 0;
        for (var term : query.entrySet()) {
            double weight = term.getValue() * idf(term.getKey()) * (K1 + 1);
            double frequency = document.getOrDefault(term.getKey(), 0);
            score += weight * frequency / (frequency + K1 * (1 - B + B * length(document) / meanLength()));
            bound += weight;
        }
        return score / bound;
    }

    private double idf(String term) {
        long df = documents.stream().filter(one -> one.containsKey(term)).count();
        return Math.log(1 + (documents.size() - df + 0.5) / (df + 0.5));
    }

    private double meanLength() {
        return documents.stream().mapToInt(Bm25::length).average().orElseThrow();
    }

    private static int length(Map<String, Integer> document) {
        return document.values().stream().mapToInt(Integer::intValue).sum();
    }
}
