package dev.parley.tool.builtin;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// An arithmetic expression, evaluated while it is read:
///
/// ```
/// sum     = product { ("+" | "-") product }
/// product = signed { ("*" | "/" | "%") signed }
/// signed  = ("+" | "-") signed | power
/// power   = value [ "^" signed ]
/// value   = number | "(" sum ")" | name "(" sum { "," sum } ")"
/// ```
///
/// Whatever it says, it takes no longer than a moment: length, nesting, digits and exponents are bounded, and every
/// bound is checked before the work.
final class Expression {

    static final int MAX_LENGTH = 1000;
    private static final int MAX_DEPTH = 60;

    /// Before and after the decimal point.
    private static final int MAX_DIGITS = 1000;

    private static final BigDecimal MAX_EXPONENT = BigDecimal.valueOf(100_000);

    /// Of what has no end, such as 1/3.
    private static final MathContext ROUNDED = new MathContext(40, RoundingMode.HALF_EVEN);

    private final String text;
    private int at;
    private int depth;
    private boolean exact = true;

    Expression(String text) {
        this.text = text;
    }

    /// @throws ArithmeticException that says what is wrong with it
    String evaluate() {
        if (text.length() > MAX_LENGTH) {
            throw new ArithmeticException("it is longer than %d characters".formatted(MAX_LENGTH));
        }
        BigDecimal result = sum();
        if (peek() != '\0') {
            throw unexpected();
        }
        String plain = result.signum() == 0 ? "0" : result.stripTrailingZeros().toPlainString();
        return exact ? plain : "%s (rounded to %d significant digits)".formatted(plain, ROUNDED.getPrecision());
    }

    private BigDecimal sum() {
        if (++depth > MAX_DEPTH) {
            throw new ArithmeticException("it is nested too deep");
        }
        BigDecimal left = product();
        for (char operator = peek(); operator == '+' || operator == '-'; operator = peek()) {
            at++;
            BigDecimal right = product();
            left = bounded(operator == '+' ? left.add(right) : left.subtract(right));
        }
        depth--;
        return left;
    }

    private BigDecimal product() {
        BigDecimal left = signed();
        for (char operator = peek(); operator == '*' || operator == '/' || operator == '%'; operator = peek()) {
            at++;
            BigDecimal right = signed();
            left = bounded(
                    switch (operator) {
                        case '*' -> left.multiply(right);
                        case '/' -> divide(left, right);
                        default -> left.remainder(nonZero(right));
                    });
        }
        return left;
    }

    private BigDecimal signed() {
        char sign = peek();
        if (sign != '+' && sign != '-') {
            return power();
        }
        if (++depth > MAX_DEPTH) {
            throw new ArithmeticException("it is nested too deep");
        }
        at++;
        BigDecimal value = signed();
        depth--;
        return sign == '-' ? value.negate() : value;
    }

    private BigDecimal power() {
        BigDecimal base = value();
        if (peek() != '^') {
            return base;
        }
        at++;
        return bounded(power(base, signed()));
    }

    /// Exactly where the result has few enough digits; rounded where only its size is bounded, as in interest over
    /// years.
    private BigDecimal power(BigDecimal base, BigDecimal exponent) {
        int times = whole(exponent);
        if (base.signum() == 0 || times == 0) {
            return times < 0 ? nonZero(base) : BigDecimal.valueOf(times == 0 ? 1 : 0);
        }
        BigDecimal plain = base.stripTrailingZeros();
        if (Math.abs(log10(plain) * times) > MAX_DIGITS) {
            throw tooLarge();
        }
        long digits = Math.max(plain.precision(), Math.abs((long) plain.scale())) * Math.abs((long) times);
        if (digits > MAX_DIGITS) {
            exact = false;
            return plain.pow(times, ROUNDED);
        }
        BigDecimal power = plain.pow(Math.abs(times));
        return times < 0 ? divide(BigDecimal.ONE, power) : power;
    }

    private static int whole(BigDecimal exponent) {
        if (exponent.stripTrailingZeros().scale() > 0 || exponent.abs().compareTo(MAX_EXPONENT) > 0) {
            throw new ArithmeticException("exponents are whole numbers of at most " + MAX_EXPONENT);
        }
        return exponent.intValue();
    }

    private static double log10(BigDecimal value) {
        BigDecimal leading = value.abs().round(MathContext.DECIMAL32);
        return Math.log10(leading.unscaledValue().doubleValue()) - leading.scale();
    }

    private BigDecimal value() {
        char next = peek();
        if (next == '(') {
            at++;
            BigDecimal inside = sum();
            expect(')');
            return inside;
        }
        if (next >= '0' && next <= '9' || next == '.') {
            return number();
        }
        if (Character.isLetter(next)) {
            return function();
        }
        throw unexpected();
    }

    private BigDecimal number() {
        int start = at;
        skipDigits();
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            skipDigits();
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
                at++;
            }
            skipDigits();
        }
        try {
            return bounded(new BigDecimal(text.substring(start, at)));
        } catch (NumberFormatException notANumber) {
            throw new ArithmeticException("'%s' is no number".formatted(text.substring(start, at)));
        }
    }

    private void skipDigits() {
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
    }

    private BigDecimal function() {
        int start = at;
        while (at < text.length() && Character.isLetter(text.charAt(at))) {
            at++;
        }
        String name = text.substring(start, at).toLowerCase(Locale.ROOT);
        expect('(');
        var arguments = new ArrayList<BigDecimal>();
        arguments.add(sum());
        while (peek() == ',') {
            at++;
            arguments.add(sum());
        }
        expect(')');
        return bounded(apply(name, arguments));
    }

    private BigDecimal apply(String name, List<BigDecimal> arguments) {
        BigDecimal first = arguments.getFirst();
        return switch (name) {
            case "min" -> arguments.stream().reduce(BigDecimal::min).orElseThrow();
            case "max" -> arguments.stream().reduce(BigDecimal::max).orElseThrow();
            case "round" -> round(arguments);
            case "sqrt" -> root(only(name, arguments));
            case "abs" -> only(name, arguments).abs();
            case "floor" -> only(name, arguments).setScale(0, RoundingMode.FLOOR);
            case "ceil" -> only(name, arguments).setScale(0, RoundingMode.CEILING);
            default -> throw new ArithmeticException("there is no function '%s'".formatted(name));
        };
    }

    private static BigDecimal only(String name, List<BigDecimal> arguments) {
        if (arguments.size() != 1) {
            throw new ArithmeticException("%s takes one value".formatted(name));
        }
        return arguments.getFirst();
    }

    /// Halves go away from zero, as people round.
    private static BigDecimal round(List<BigDecimal> arguments) {
        BigDecimal digits = arguments.size() == 2 ? arguments.get(1) : BigDecimal.ZERO;
        if (arguments.size() > 2
                || digits.stripTrailingZeros().scale() > 0
                || digits.abs().compareTo(BigDecimal.valueOf(100)) > 0) {
            throw new ArithmeticException("round takes a value and up to 100 digits");
        }
        return arguments.getFirst().setScale(digits.intValue(), RoundingMode.HALF_UP);
    }

    private BigDecimal root(BigDecimal square) {
        if (square.signum() < 0) {
            throw new ArithmeticException("a negative number has no square root");
        }
        BigDecimal root = square.sqrt(ROUNDED);
        exact &= root.multiply(root).compareTo(square) == 0;
        return root;
    }

    /// Exactly, as far as the quotient has an end.
    private BigDecimal divide(BigDecimal dividend, BigDecimal divisor) {
        BigDecimal rounded = dividend.divide(nonZero(divisor), ROUNDED);
        if (rounded.multiply(divisor).compareTo(dividend) == 0) {
            return rounded;
        }
        exact = false;
        return rounded;
    }

    private static BigDecimal nonZero(BigDecimal divisor) {
        if (divisor.signum() == 0) {
            throw new ArithmeticException("nothing can be divided by zero");
        }
        return divisor;
    }

    private static BigDecimal bounded(BigDecimal value) {
        if (value.precision() > MAX_DIGITS || Math.abs((long) value.scale()) > MAX_DIGITS) {
            throw tooLarge();
        }
        return value;
    }

    private static ArithmeticException tooLarge() {
        return new ArithmeticException("a number has more than %d digits".formatted(MAX_DIGITS));
    }

    /// The next character that is no space; NUL at the end.
    private char peek() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private void expect(char wanted) {
        if (peek() != wanted) {
            throw unexpected();
        }
        at++;
    }

    private ArithmeticException unexpected() {
        return new ArithmeticException(
                peek() == '\0' ? "it ends too early" : "'%c' at position %d is not expected".formatted(peek(), at + 1));
    }
}
