package dev.parley.knowledge;

import dev.parley.api.JsonField;
import dev.parley.problem.Problem;
import java.util.Set;

/// How hits are ranked: OpenAI's `ranking_options`.
///
/// @param embeddingWeight weight of the dense ranking in the fusion; with 0 it is not computed
/// @param textWeight weight of BM25 in the fusion; with 0 it is not computed
/// @param scoreThreshold hits below it are left out, 0 to 1
public record Ranking(double embeddingWeight, double textWeight, double scoreThreshold) {

    public static final Ranking DEFAULT = new Ranking(1, 1, 0);

    private static final double MAX_WEIGHT = 1000;

    /// Every ranker that OpenAI documents for searches or for file search; all of them are Parley's own.
    private static final Set<String> RANKERS = Set.of("auto", "none", "default-2024-11-15", "default_2024_08_21");

    /// Reads `ranking_options`, wherever they stand in a request.
    ///
    /// @throws Problem (400) for what Parley cannot rank by
    public static Ranking read(JsonField options) {
        options.allowOnly(Set.of("ranker", "score_threshold", "hybrid_search"));
        options.find("ranker").ifPresent(ranker -> ranker.oneOf(RANKERS));
        double threshold =
                options.find("score_threshold").map(field -> field.number(0, 1)).orElse(DEFAULT.scoreThreshold);
        return options.find("hybrid_search")
                .map(weights -> weighted(weights, threshold))
                .orElseGet(() -> new Ranking(DEFAULT.embeddingWeight, DEFAULT.textWeight, threshold));
    }

    private static Ranking weighted(JsonField weights, double threshold) {
        weights.allowOnly(Set.of("embedding_weight", "text_weight"));
        double embedding = weights.get("embedding_weight").number(0, MAX_WEIGHT);
        double text = weights.get("text_weight").number(0, MAX_WEIGHT);
        if (embedding + text == 0) {
            throw weights.invalid("one weight must be above 0.");
        }
        return new Ranking(embedding, text, threshold);
    }
}
