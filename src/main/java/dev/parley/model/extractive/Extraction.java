package dev.parley.model.extractive;

import dev.parley.model.Passage;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Chooses the sentences that cover most of a question.
final class Extraction {

    private static final int MOST_QUOTES = 3;

    /// The share of the question's weight that the best sentence must cover; below it, silence is the better answer.
    private static final double ENOUGH = 0.25;

    /// How near to the best score another sentence must be to stand beside it.
    private static final double NEAR = 0.85;

    /// What a term counts that stands in the heading, or elsewhere in the passage, instead of in the sentence.
    private static final double IN_HEADING = 0.8;

    private static final double NEARBY = 0.3;

    /// How much of its score the last of very many passages loses, and the rank at which half of that is lost.
    private static final double RANK_LOSS = 0.15;

    private static final double RANK_HALF = 10;

    private record Scored(Sentence sentence, double coverage) {

        double score() {
            int rank = sentence.rank();
            return coverage * (1 - RANK_LOSS * rank / (rank + RANK_HALF));
        }
    }

    private final List<List<Sentence>> passages;
    private final Weights weights;

    private Extraction(Question question, List<Passage> passages) {
        this.passages = IntStream.range(0, passages.size())
                .mapToObj(rank -> Sentence.in(passages.get(rank), rank, question))
                .toList();
        this.weights = new Weights(
                question.terms(),
                this.passages.stream()
                        .flatMap(List::stream)
                        .map(Sentence::terms)
                        .toList());
    }

    /// @param passages best first
    static Answer answer(String question, List<Passage> passages) {
        return passages.isEmpty()
                ? new Answer.NoDocuments()
                : new Extraction(new Question(question), passages).choose();
    }

    private Answer choose() {
        List<Scored> ranking = passages.stream()
                .flatMap(this::score)
                .filter(scored -> scored.coverage() >= ENOUGH)
                .sorted(Comparator.comparingDouble(Scored::score).reversed())
                .toList();
        if (ranking.isEmpty()) {
            return new Answer.NothingFits();
        }
        double least = NEAR * ranking.getFirst().score();
        Set<String> said = new HashSet<>();
        return new Answer.Quotes(ranking.stream()
                .takeWhile(scored -> scored.score() >= least)
                .map(scored -> scored.sentence().quote())
                .filter(quote -> said.add(quote.text()))
                .limit(MOST_QUOTES)
                .toList());
    }

    private Stream<Scored> score(List<Sentence> passage) {
        Map<Integer, Double> nearby = new HashMap<>();
        for (Sentence sentence : passage) {
            sentence.terms().forEach((term, share) -> nearby.merge(term, share, Math::max));
            sentence.heading().forEach((term, share) -> nearby.merge(term, share, Math::max));
        }
        return passage.stream().map(sentence -> new Scored(sentence, coverage(sentence, nearby)));
    }

    private double coverage(Sentence sentence, Map<Integer, Double> nearby) {
        if (sentence.terms().isEmpty() && sentence.heading().isEmpty()) {
            return 0;
        }
        double sum = 0;
        for (int term : nearby.keySet()) {
            double within = sentence.terms().getOrDefault(term, 0.0);
            double above = IN_HEADING * sentence.heading().getOrDefault(term, 0.0);
            double around = NEARBY * nearby.getOrDefault(term, 0.0);
            sum += weights.of(term) * Math.max(within, Math.max(above, around));
        }
        return sum / weights.total();
    }
}
