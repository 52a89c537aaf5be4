package dev.parley.model.extractive;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// Selects the sentences of a text that tell most, as answers select those that tell most about a question: here every
/// term asks, with the same [Weights], and counts once, so that what is said twice is not selected twice.
///
/// The same sentences always give the same selection. This is budgeted maximum coverage by the usual greedy choice of
/// the best gain for its length.
public final class Selection {

    /// A sentence's length besides its terms: without it, single rare words would always win.
    private static final int PER_SENTENCE = 8;

    private final List<Map<Integer, Double>> terms;
    private final List<Integer> lengths;
    private final Weights weights;
    private final Set<Integer> told = new HashSet<>();

    private Selection(List<List<String>> sentences) {
        var question =
                new Question(sentences.stream().flatMap(List::stream).distinct().toList());
        this.terms = sentences.stream().map(question::found).toList();
        this.lengths = sentences.stream().map(Collection::size).toList();
        this.weights = new Weights(question.terms(), terms);
    }

    /// A text's sentences, each on one line and of bounded length.
    public static List<String> sentences(String text) {
        return Sentences.of(text).stream()
                .map(sentence ->
                        new Sentence(sentence, 0, 0, Map.of(), Map.of()).quote().text())
                .toList();
    }

    /// @param costs of the sentences, in any unit
    /// @return indexes of the selected ones, in their order
    public static List<Integer> select(List<String> sentences, List<Integer> costs, int mostCosts) {
        var selection = new Selection(sentences.stream().map(Terms::of).toList());
        var selected = new TreeSet<Integer>();
        var open = new ArrayList<>(IntStream.range(0, sentences.size()).boxed().toList());
        int left = mostCosts;
        while (true) {
            int affordable = left;
            open.removeIf(i -> costs.get(i) > affordable || selection.gain(i) <= 0);
            if (open.isEmpty()) {
                return List.copyOf(selected);
            }
            Integer best = selection.best(open);
            selection.told.addAll(selection.terms.get(best).keySet());
            selected.add(best);
            open.remove(best);
            left -= costs.get(best);
        }
    }

    private Integer best(List<Integer> open) {
        int best = open.getFirst();
        double most = -1;
        for (int i : open) {
            double worth = gain(i) / (PER_SENTENCE + lengths.get(i));
            if (worth > most) {
                most = worth;
                best = i;
            }
        }
        return best;
    }

    private double gain(int sentence) {
        double gain = 0;
        for (int term : terms.get(sentence).keySet()) {
            gain += told.contains(term) ? 0 : weights.of(term);
        }
        return gain;
    }
}
