package dev.parley.ingestion;

import java.util.function.IntPredicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Where to cut a text that is no sentence, or too long a one.
final class Cut {

    private static final char JOINER = '\u200d';

    private static final Pattern STOP = Pattern.compile("[.!?;:\u2026]\\s++");

    private Cut() {}

    /// Indexes after stops and the space behind them. What reads as one sentence may have them: Unicode's rules see no
    /// end in a full stop before a small letter, so a text without capitals is a single sentence.
    static int[] stops(String text) {
        return STOP.matcher(text).results().mapToInt(MatchResult::end).toArray();
    }

    /// An index near the middle, and never 0 or the end: after a line end if there is one, else at a space, else
    /// after punctuation, else between two characters that are not parts of one.
    static int nearMiddle(String text) {
        int cut = nearest(text, c -> c == '\n');
        if (cut < 0) {
            cut = nearest(text, Character::isWhitespace);
        }
        if (cut < 0) {
            cut = nearest(text, c -> !Character.isLetterOrDigit(c) && !Character.isSurrogate((char) c));
        }
        return cut < 0 ? betweenCharacters(text) : cut;
    }

    /// The index after the matching character nearest to the middle, within the middle half; -1 without one.
    private static int nearest(String text, IntPredicate matches) {
        int middle = text.length() / 2;
        for (int distance = 0; distance <= text.length() / 4; distance++) {
            for (int at : new int[] {middle - distance, middle + distance}) {
                if (isBetweenCharacters(text, at) && matches.test(text.charAt(at - 1))) {
                    return at;
                }
            }
        }
        return -1;
    }

    private static int betweenCharacters(String text) {
        int at = text.length() / 2;
        while (at > 0 && !isBetweenCharacters(text, at)) {
            at--;
        }
        return at == 0 ? text.offsetByCodePoints(0, 1) : at;
    }

    /// Whether what begins there is no part of the character before: a mark on it, or joined to it.
    private static boolean isBetweenCharacters(String text, int at) {
        if (at <= 0 || at >= text.length() || text.charAt(at - 1) == JOINER) {
            return false;
        }
        char c = text.charAt(at);
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK -> false;
            default -> !Character.isLowSurrogate(c) && c != JOINER;
        };
    }
}
