package dev.parley.model.extractive;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Splits text into sentences, whatever its language.
final class Sentences {

    /// Blank lines, and lines that begin a list item, a heading or a table row.
    private static final Pattern BLOCK = Pattern.compile("\\R\\s*\\R|\\R(?=\\s*(?:[-*+#|]|\\d+[.)]\\s))");

    private static final Pattern HEADING = Pattern.compile("#+\\s.*");

    private Sentences() {}

    /// The sentences as they stand, in order; headings are none.
    static List<String> of(String text) {
        var sentences = new ArrayList<String>();
        for (String block : BLOCK.split(text)) {
            for (String line : withoutHeading(block.strip())) {
                split(line, sentences);
            }
        }
        return sentences;
    }

    private static List<String> withoutHeading(String block) {
        if (!block.startsWith("#")) {
            return List.of(block);
        }
        String[] lines = block.split("\\R", 2);
        boolean isHeading = HEADING.matcher(lines[0]).matches();
        return isHeading ? (lines.length > 1 ? List.of(lines[1].strip()) : List.of()) : List.of(block);
    }

    private static void split(String block, List<String> sentences) {
        BreakIterator boundaries = BreakIterator.getSentenceInstance(Locale.ROOT);
        boundaries.setText(block);
        int start = boundaries.first();
        for (int end = boundaries.next(); end != BreakIterator.DONE; start = end, end = boundaries.next()) {
            String sentence = block.substring(start, end).strip();
            if (!sentence.isEmpty()) {
                sentences.add(sentence);
            }
        }
    }
}
