package dev.parley.model.extractive;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/// How much each term of a question tells: BM25's inverse document frequency over the passages' sentences, times how
/// informative a word of its make is at all.
///
/// The second factor is needed because few sentences are a poor sample: a question word that happens to be absent
/// looks as rare as the question's subject. That frequent words are short holds in every language (Zipf's law of
/// abbreviation).
final class Weights {

    private static final double FLOOR = 0.02;
    private static final double GRAMMATICAL = 0.2;
    private static final int TELLING_LENGTH = 6;

    private final double[] weights;
    private final double total;

    Weights(List<String> terms, Collection<Map<Integer, Double>> sentences) {
        double[] frequency = new double[terms.size()];
        sentences.forEach(found -> found.forEach((i, share) -> frequency[i] += share));
        weights = new double[terms.size()];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = FLOOR + informative(terms.get(i)) * idf(sentences.size(), frequency[i]);
            sum += weights[i];
        }
        total = sum;
    }

    double of(int term) {
        return weights[term];
    }

    double total() {
        return total;
    }

    // An absent term weighs as much as one that occurs once.
    private static double idf(int sentences, double frequency) {
        double n = Math.max(1, frequency);
        return Math.log(1 + (sentences - n + 0.5) / (n + 0.5));
    }

    private static double informative(String term) {
        if (term.codePoints().anyMatch(Character::isDigit)) {
            return 1;
        }
        if (term.codePoints().allMatch(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.HIRAGANA)) {
            return GRAMMATICAL;
        }
        if (Terms.isPaired(term.codePointAt(0))) {
            return 1;
        }
        return Math.clamp((term.length() - 1.0) / (TELLING_LENGTH - 1), 0.05, 1);
    }
}
