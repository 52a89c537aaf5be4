package dev.parley.model.extractive;

import dev.parley.model.Passage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds the sentences that share most with a question.
///
/// A sentence's score is the share of the question's terms it covers, each weighted by its inverse sentence frequency
/// among the passages, with a small bonus for passages that search ranked higher.
final class Quotes {

    private static final int MAX_QUOTES = 3;

    /// Less of the question covered is too thin to be an answer.
    private static final double MIN_COVERAGE = 0.34;

    /// Further sentences must be nearly as good as the best.
    private static final double MIN_OF_BEST = 0.7;

    private static final double RANK_BONUS = 0.15;

    private Quotes() {}

    /// One to three sentences in the order of their passages; empty when nothing fits.
    static List<Quote> best(List<Passage> passages, String question) {
        Map<String, Double> wanted = Terms.weighted(question);
        List<Quote> all = new ArrayList<>();
        Map<String, Double> weights = weights(wanted, sentences(passages));
        double total =
                weights.values().stream().mapToDouble(Double::doubleValue).sum();
        for (int rank = 0; rank < passages.size(); rank++) {
            all.addAll(scored(passages.get(rank), rank, weights, total));
        }
        return select(all);
    }

    private static List<Quote> select(List<Quote> all) {
        List<Quote> ranked = all.stream()
                .filter(quote -> quote.score() >= MIN_COVERAGE)
                .sorted(Comparator.comparingDouble(Quote::score).reversed())
                .toList();
        var chosen = new ArrayList<Quote>();
        for (Quote quote : ranked) {
            boolean isNew = chosen.stream().noneMatch(other -> other.text().equals(quote.text()));
            if (isNew
                    && chosen.size() < MAX_QUOTES
                    && quote.score() >= MIN_OF_BEST * ranked.getFirst().score()) {
                chosen.add(quote);
            }
        }
        chosen.sort(Comparator.comparingInt(Quote::passage).thenComparingInt(Quote::position));
        return chosen;
    }

    private static List<Set<String>> sentences(List<Passage> passages) {
        return passages.stream()
                .flatMap(passage -> Sentences.of(passage.text()).stream())
                .map(sentence -> Terms.weighted(sentence).keySet())
                .toList();
    }

    private static Map<String, Double> weights(Map<String, Double> wanted, List<Set<String>> sentences) {
        var weights = new HashMap<String, Double>();
        wanted.forEach((term, weight) -> {
            long frequency =
                    sentences.stream().filter(terms -> terms.contains(term)).count();
            weights.put(term, weight * Math.log(1 + (sentences.size() + 1.0) / (frequency + 0.5)));
        });
        return weights;
    }

    private static List<Quote> scored(Passage passage, int rank, Map<String, Double> weights, double total) {
        List<String> sentences = Sentences.of(passage.text());
        var quotes = new ArrayList<Quote>();
        for (int position = 0; position < sentences.size(); position++) {
            Set<String> terms = Terms.weighted(sentences.get(position)).keySet();
            double covered = weights.entrySet().stream()
                    .filter(weight -> terms.contains(weight.getKey()))
                    .mapToDouble(Map.Entry::getValue)
                    .sum();
            double score = total == 0 ? 0 : covered / total * (1 + RANK_BONUS / (1 + rank));
            quotes.add(new Quote(passage.number(), position, sentences.get(position), score));
        }
        return quotes;
    }
}
