package dev.parley.model.extractive;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The searchable terms of a text: words in lower case without accents; where a script writes no spaces or glues
/// particles to its words, pairs of neighbouring characters.
final class Terms {

    private static final int LONGEST = 64;

    private final List<String> terms = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean paired;

    private Terms() {}

    static List<String> of(String text) {
        var terms = new Terms();
        normalise(text).codePoints().forEach(terms::accept);
        terms.endWord();
        return terms.terms;
    }

    /// Whether this character belongs to a script whose words are not told apart by spaces.
    static boolean isPaired(int codePoint) {
        return switch (UnicodeScript.of(codePoint)) {
            case HAN, HIRAGANA, KATAKANA, BOPOMOFO, HANGUL, THAI, LAO, KHMER, MYANMAR, TIBETAN -> true;
            default -> codePoint == 'ー';
        };
    }

    // Only Latin-style accents go: in other scripts marks tell letters apart.
    private static String normalise(String text) {
        String decomposed =
                Normalizer.normalize(text.replaceAll("(?<=\\p{L})-\\R(?=\\p{Ll})", ""), Normalizer.Form.NFKD);
        return Normalizer.normalize(decomposed.replaceAll("[\\u0300-\\u036f]", ""), Normalizer.Form.NFC)
                .toLowerCase(Locale.ROOT)
                .replace("ß", "ss");
    }

    private void accept(int codePoint) {
        if (!Character.isLetterOrDigit(codePoint) && Character.getType(codePoint) != Character.NON_SPACING_MARK) {
            endWord();
            return;
        }
        if (isPaired(codePoint) != paired) {
            endWord();
            paired = !paired;
        }
        word.appendCodePoint(codePoint);
    }

    private void endWord() {
        if (paired) {
            addPairs(word.codePoints().toArray());
        } else if (!word.isEmpty()) {
            terms.add(word.substring(0, Math.min(word.length(), LONGEST)));
        }
        word.setLength(0);
    }

    private void addPairs(int[] characters) {
        if (characters.length == 1) {
            terms.add(Character.toString(characters[0]));
        }
        for (int i = 1; i < characters.length; i++) {
            terms.add(new String(characters, i - 1, 2));
        }
    }
}
