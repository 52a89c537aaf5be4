package dev.parley.model.extractive;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Splits a text into sentences, without knowing its language.
final class Sentences {

    /// What a quotation may have of one sentence or row, in characters.
    private static final int LONGEST = 400;

    /// An initial, a number or a word without vowels before a full stop (`z. B.`, `1. Mai`, `Dr. Weber`): too rarely
    /// the end of a sentence, unless it is a unit (`18 h.`, `5 kg.`).
    private static final Pattern ABBREVIATED = Pattern.compile(
            "(?:^|[\\s(])(?<!\\d\\s)(?:\\p{L}|\\d{1,2}|[\\p{L}&&[^aeiouyAEIOUY\\P{IsLatin}]]{2,3})\\.\\s*$");

    private Sentences() {}

    static List<String> of(String text) {
        List<String> sentences = new ArrayList<>();
        for (String block : Lines.join(text)) {
            split(block, sentences);
        }
        return sentences;
    }

    /// Bounds a sentence's length at a word's end; the rest is an ellipsis.
    static String shorten(String sentence) {
        if (sentence.length() <= LONGEST) {
            return sentence;
        }
        int end = sentence.lastIndexOf(' ', LONGEST);
        if (end < LONGEST / 2) {
            end = Character.isHighSurrogate(sentence.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        }
        return sentence.substring(0, end).strip() + "…";
    }

    private static void split(String block, List<String> sentences) {
        var breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
        breaks.setText(block);
        int start = 0;
        for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
            // A bounded window: the end of the sentence is all that matters, and hostile ones are long.
            String tail = block.substring(Math.max(start, end - 16), end);
            if (end < block.length() && ABBREVIATED.matcher(tail).find()) {
                continue;
            }
            add(sentences, block.substring(start, end));
            start = end;
        }
        add(sentences, block.substring(start));
    }

    private static void add(List<String> sentences, String sentence) {
        if (sentence.codePoints().anyMatch(Character::isLetterOrDigit)) {
            sentences.add(sentence.strip());
        }
    }
}
