package dev.parley.tool;

import com.networknt.schema.regex.RegularExpression;
import java.util.regex.Pattern;

/// A regular expression that gives up instead of trying for ever: some patterns take exponential time, and those of
/// schemas are written by admins and matched against what models send.
record BoundedPattern(Pattern pattern) implements RegularExpression {

    /// Characters looked at: far more than any honest match needs.
    private static final int MAX_STEPS = 500_000;

    static RegularExpression compile(String regex) {
        return new BoundedPattern(Pattern.compile(regex));
    }

    @Override
    public boolean matches(String value) {
        return pattern.matcher(new Counted(value, new int[1])).find();
    }

    /// A match took too many steps.
    static final class TooLong extends RuntimeException {}

    private record Counted(CharSequence text, int[] steps) implements CharSequence {

        @Override
        public char charAt(int index) {
            if (++steps[0] > MAX_STEPS) {
                throw new TooLong();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text.subSequence(start, end), steps);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
