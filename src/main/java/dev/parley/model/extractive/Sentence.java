package dev.parley.model.extractive;

import dev.parley.model.Passage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// A sentence where it stands, and what of the question it speaks of.
///
/// @param rank of its passage, best first, from 0
/// @param terms the question's, by index, that it contains
/// @param heading those that the heading above it contains
record Sentence(String text, int passage, int rank, Map<Integer, Double> terms, Map<Integer, Double> heading) {

    // No space belongs between characters of scripts that write none, wherever the page broke.
    private static final Pattern BREAK_WITHIN_SCRIPT = Pattern.compile(
            "(?<=[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}、。])\\R(?=[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}])");

    private static final Pattern SPACE = Pattern.compile("\\s+");

    static List<Sentence> in(Passage passage, int rank, Question question) {
        List<Sentence> sentences = new ArrayList<>();
        Map<Integer, Double> heading = Map.of();
        for (String text : Sentences.of(passage.text())) {
            Map<Integer, Double> terms = question.found(Terms.of(text));
            if (Lines.isHeading(text)) {
                heading = terms;
            } else {
                sentences.add(new Sentence(text, passage.number(), rank, terms, heading));
            }
        }
        return sentences;
    }

    Quote quote() {
        String joined = BREAK_WITHIN_SCRIPT.matcher(text).replaceAll("");
        return new Quote(Sentences.shorten(SPACE.matcher(joined).replaceAll(" ")), passage);
    }
}
