package dev.parley.model.extractive;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/// A question's terms, and which words of the passages count as one of them.
final class Question {

    private static final int STEM = 4;
    private static final double SHARED = 0.6;

    /// What another form of a word counts.
    private static final double KINDRED = 0.7;

    private final List<String> terms;
    private final Map<String, Integer> exact = new HashMap<>();
    private final Map<String, List<Integer>> byStem = new HashMap<>();

    Question(String text) {
        this(Terms.of(text));
    }

    Question(List<String> asked) {
        terms = new ArrayList<>(new LinkedHashSet<>(asked));
        for (int i = 0; i < terms.size(); i++) {
            String term = terms.get(i);
            exact.put(term, i);
            if (hasStem(term)) {
                byStem.computeIfAbsent(stem(term), stem -> new ArrayList<>()).add(i);
            }
        }
    }

    List<String> terms() {
        return terms;
    }

    /// The question's terms that occur among these, by index, each with how well it is met: 1 when as it is.
    Map<Integer, Double> found(Collection<String> others) {
        Map<Integer, Double> found = new HashMap<>();
        for (String other : others) {
            Integer same = exact.get(other);
            if (same != null) {
                found.put(same, 1.0);
            }
            if (hasStem(other)) {
                byStem.getOrDefault(stem(other), List.of()).stream()
                        .filter(i -> isKindred(terms.get(i), other))
                        .forEach(i -> found.merge(i, KINDRED, Math::max));
            }
        }
        return found;
    }

    /// Whether two words look like forms of one: they share their beginning, and most of the longer one.
    static boolean isKindred(String a, String b) {
        int longest = Math.max(a.length(), b.length());
        int shortest = Math.min(a.length(), b.length());
        int shared = 0;
        while (shared < shortest && a.charAt(shared) == b.charAt(shared)) {
            shared++;
        }
        return shared >= STEM && shared >= SHARED * longest;
    }

    private static boolean hasStem(String term) {
        return term.length() >= STEM && term.codePoints().allMatch(Character::isLetter);
    }

    private static String stem(String term) {
        return term.substring(0, STEM);
    }
}
