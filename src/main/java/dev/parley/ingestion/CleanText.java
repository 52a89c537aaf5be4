package dev.parley.ingestion;

import java.text.Normalizer;

/// Text without what nobody can see and a database cannot hold.
final class CleanText {

    private static final char SOFT_HYPHEN = '\u00ad';
    private static final char ZERO_WIDTH_SPACE = '\u200b';
    private static final char BYTE_ORDER_MARK = '\ufeff';

    private CleanText() {}

    /// Composed (NFC) characters, `\n` for every line end, no control characters, no unpaired surrogates, no space
    /// around it.
    static String of(String text) {
        var clean = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            append(clean, text, i);
        }
        return Normalizer.normalize(clean, Normalizer.Form.NFC).strip();
    }

    private static void append(StringBuilder clean, String text, int i) {
        char c = text.charAt(i);
        switch (c) {
            case '\n', '\t' -> clean.append(c);
            case '\r' -> {
                if (i + 1 == text.length() || text.charAt(i + 1) != '\n') {
                    clean.append('\n');
                }
            }
            case '\u2028', '\u2029', '\u0085', '\f' -> clean.append('\n');
            case SOFT_HYPHEN, ZERO_WIDTH_SPACE, BYTE_ORDER_MARK -> {}
            default -> {
                if (!Character.isISOControl(c)) {
                    clean.append(isUnpaired(text, i) ? '\ufffd' : c);
                }
            }
        }
    }

    private static boolean isUnpaired(String text, int i) {
        char c = text.charAt(i);
        return Character.isHighSurrogate(c) && (i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1)))
                || Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }
}
