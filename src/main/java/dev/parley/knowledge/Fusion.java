package dev.parley.knowledge;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Makes one ranking of several: a weighted mean of their scores, each ranking's first brought to the range 0 to 1.
///
/// A chunk that a ranking does not list has 0 there, as its last one has. Bruch, Gai and Ingber, "An Analysis of Fusion
/// Functions for Hybrid Retrieval" (2023), find such convex combinations better than reciprocal ranks, which forget by
/// how much one hit is better than the next, and little sensitive to how scores are normalised.
final class Fusion {

    private Fusion() {}

    /// A ranking and how much it counts.
    record Weighted(List<Scored> ranking, double weight) {}

    /// Best first.
    ///
    /// @param total what the weights of a chunk that every kind of ranking lists add up to
    static List<Scored> fuse(List<Weighted> rankings, double total) {
        Map<Long, Double> scores = new HashMap<>();
        for (Weighted weighted : rankings) {
            for (Scored scored : normalise(weighted.ranking())) {
                scores.merge(scored.chunk(), scored.score() * weighted.weight() / total, Double::sum);
            }
        }
        return sorted(scores.entrySet().stream().map(entry -> new Scored(entry.getKey(), entry.getValue())));
    }

    /// Rankings of one kind over different chunks as one; their scores stay as they are.
    static List<Scored> merge(List<List<Scored>> rankings) {
        return sorted(rankings.stream().flatMap(List::stream));
    }

    private static List<Scored> sorted(Stream<Scored> scored) {
        return scored.sorted(
                        Comparator.comparingDouble(Scored::score).reversed().thenComparing(Scored::chunk))
                .toList();
    }

    private static List<Scored> normalise(List<Scored> ranking) {
        var range = ranking.stream().mapToDouble(Scored::score).summaryStatistics();
        double width = range.getMax() - range.getMin();
        return ranking.stream()
                .map(scored -> new Scored(scored.chunk(), width == 0 ? 1 : (scored.score() - range.getMin()) / width))
                .toList();
    }
}
