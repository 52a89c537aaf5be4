package dev.parley.knowledge;

/// How hits are ranked: OpenAI's `ranking_options`.
///
/// @param embeddingWeight weight of the dense ranking in the fusion; with 0 it is not computed
/// @param textWeight weight of BM25 in the fusion; with 0 it is not computed
/// @param scoreThreshold hits below it are left out, 0 to 1
public record Ranking(double embeddingWeight, double textWeight, double scoreThreshold) {

    public static final Ranking DEFAULT = new Ranking(1, 1, 0);
}
