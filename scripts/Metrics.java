import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Ranking quality of one query, as TREC's tools compute it. A grade of zero or less is not relevant.
final class Metrics {

    private Metrics() {}

    /// Normalised discounted cumulative gain at `depth`: linear gain, discount log2(rank + 1), ideal over all grades.
    static double ndcg(List<String> ranking, Map<String, Integer> grades, int depth) {
        var gains = ranking.stream().map(document -> Math.max(0, grades.getOrDefault(document, 0))).toList();
        var ideal = grades.values().stream().filter(grade -> grade > 0).sorted(Comparator.reverseOrder()).toList();
        return ideal.isEmpty() ? 0 : dcg(gains, depth) / dcg(ideal, depth);
    }

    /// The share of all relevant documents that are among the first `depth`.
    static double recall(List<String> ranking, Map<String, Integer> grades, int depth) {
        long relevant = grades.values().stream().filter(grade -> grade > 0).count();
        long found = ranking.stream().limit(depth).filter(document -> grades.getOrDefault(document, 0) > 0).count();
        return relevant == 0 ? 0 : (double) found / relevant;
    }

    private static double dcg(List<Integer> gains, int depth) {
        double sum = 0;
        for (int rank = 1; rank <= Math.min(depth, gains.size()); rank++) {
            sum += gains.get(rank - 1) * Math.log(2) / Math.log(rank + 1);
        }
        return sum;
    }

    /// Fails unless the measures agree with an example worked out by hand, so that no table comes from broken ones.
    static void check() {
        var ranking = List.of("a", "x", "b", "y");
        var grades = Map.of("a", 3, "b", 2, "c", 1, "y", -1);
        // Found: 3/1 + 2/2 = 4. Ideal: 3/1 + 2/log2(3) + 1/2 = 4.7618595.
        expect(4 / 4.7618595, ndcg(ranking, grades, 10));
        // At depth 2 the ideal is 3/1 + 2/log2(3) = 4.2618595.
        expect(3 / 4.2618595, ndcg(ranking, grades, 2));
        expect(2.0 / 3, recall(ranking, grades, 100));
        expect(1.0 / 3, recall(ranking, grades, 2));
    }

    private static void expect(double expected, double actual) {
        if (Math.abs(expected - actual) > 1e-6) throw new IllegalStateException(expected + " expected, got " + actual);
    }

    /// `java scripts/Metrics.java` checks the measures alone.
    static void main() {
        check();
        System.out.println("measures agree with the worked example");
    }
}
