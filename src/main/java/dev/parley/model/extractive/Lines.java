package dev.parley.model.extractive;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Joins the lines that a page's width broke, and keeps those apart that stand for themselves: headings, list items,
/// rows.
final class Lines {

    /// Shorter lines are taken to end where their author ended them, unless the next one goes on in lower case.
    private static final int WIDE = 45;

    private static final int NARROW_COLUMN = 25;

    private static final Pattern HEADING = Pattern.compile("^#{1,6}\\s");
    private static final Pattern ITEM = Pattern.compile("^(?:[-*+•–▪‣·]|\\(?\\p{Alnum}{1,2}[.)])\\s+");
    private static final Pattern SENTENCE_END = Pattern.compile("[.!?…。！？؟।:]['\"”’»)\\]]*$");

    // Cells between bars, tabs, commas or semicolons; named values; JSON.
    private static final Pattern ROW =
            Pattern.compile("\\||\\t|,[^\\s\\d].*,\\S|,\\S.*,[^\\s\\d]|;.*;|: .*: |^\"[^\"]*\":|^[\\[\\]{}]");

    private Lines() {}

    /// Blocks of text in which only sentence ends separate, without list marks.
    static List<String> join(String text) {
        List<String> blocks = new ArrayList<>();
        var block = new StringBuilder();
        String previous = "";
        for (String raw : text.lines().toList()) {
            String line = raw.strip();
            if (!continues(previous, line)) {
                add(blocks, block);
            }
            block.append(block.isEmpty() ? "" : "\n").append(ITEM.matcher(line).replaceFirst(""));
            previous = line;
        }
        add(blocks, block);
        return blocks;
    }

    static boolean isHeading(String line) {
        return HEADING.matcher(line).lookingAt();
    }

    private static boolean continues(String previous, String line) {
        if (previous.isEmpty() || line.isEmpty() || standsAlone(previous) || standsAlone(line)) {
            return false;
        }
        if (ITEM.matcher(line).lookingAt()) {
            return false;
        }
        return Character.isLowerCase(line.codePointAt(0))
                ? width(previous) >= NARROW_COLUMN
                : width(previous) >= WIDE && !SENTENCE_END.matcher(previous).find();
    }

    private static boolean standsAlone(String line) {
        return isHeading(line) || ROW.matcher(line).find();
    }

    // Characters of scripts without spaces are twice as wide.
    private static int width(String line) {
        return line.codePoints().map(c -> Terms.isPaired(c) ? 2 : 1).sum();
    }

    private static void add(List<String> blocks, StringBuilder block) {
        if (!block.toString().isBlank()) {
            blocks.add(block.toString());
        }
        block.setLength(0);
    }
}
