package dev.parley.tool.mcp;

import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/// Text of a stranger, made into what a person who reads it also sees. It stays a stranger's text: nothing here makes
/// what it says true or harmless.
final class UntrustedText {

    private static final String CUT = " […]";

    private UntrustedText() {}

    /// Without what is not seen or turns the order of what is seen: controls, marks of direction, joiners of no width,
    /// tags, variation selectors, private and unassigned characters. For what is shown to models as a description.
    static String visible(String text) {
        return kept(text, UntrustedText::isVisible);
    }

    /// Without controls and halves of characters, which neither models nor databases can take.
    static String printable(String text) {
        return kept(text, character -> isBreak(character) || !isUnprintable(character));
    }

    /// At most so many characters (Java's), cut at no half of one.
    static String bounded(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end) + CUT;
    }

    private static String kept(String text, IntPredicate keep) {
        return text.codePoints().filter(keep).mapToObj(Character::toString).collect(Collectors.joining());
    }

    private static boolean isVisible(int character) {
        return isBreak(character)
                || switch (Character.getType(character)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR -> false;
                    default -> !isVariationSelector(character);
                };
    }

    private static boolean isUnprintable(int character) {
        int type = Character.getType(character);
        return type == Character.CONTROL || type == Character.SURROGATE;
    }

    private static boolean isBreak(int character) {
        return character == '\n' || character == '\t';
    }

    private static boolean isVariationSelector(int character) {
        return character >= 0xFE00 && character <= 0xFE0F || character >= 0xE0100 && character <= 0xE01EF;
    }
}
