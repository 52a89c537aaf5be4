package dev.parley.tool.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "0.1 + 0.2; 0.3",
                "1 - 2 - 3; -4",
                "2 + 3 * 4; 14",
                "(2 + 3) * 4; 20",
                "-2 ^ 2; -4",
                "(-2) ^ 2; 4",
                "2 ^ 3 ^ 2; 512",
                "2 ^ -2; 0.25",
                "0 ^ 0; 1",
                "7 / 8; 0.875",
                "-7 % 3; -1",
                "1e3 + .5; 1000.5",
                "1.50 * 2; 3",
                "- - 5; 5",
                "sqrt(2.25); 1.5",
                "round(2.5); 3",
                "round(-2.345, 2); -2.35",
                "round(1234, -2); 1200",
                "floor(-1.5) + ceil(-1.5); -3",
                "MIN(3, 1, 2) + max(3, 1, 2); 4",
                "abs(-3); 3",
                "99999999999999999999 * 99999999999999999999; 9999999999999999999800000000000000000001",
                "2 ^ 100; 1267650600228229401496703205376",
            })
    void computesExactly(String expression, String result) {
        assertThat(new Expression(expression).evaluate()).isEqualTo(result);
    }

    @Test
    void saysWhereAResultIsRounded() {
        assertThat(new Expression("1 / 3").evaluate())
                .isEqualTo("0.3333333333333333333333333333333333333333 (rounded to 40 significant digits)");
        assertThat(new Expression("sqrt(2)").evaluate())
                .startsWith("1.41421356237309504880")
                .contains("rounded");
        assertThat(new Expression("(1 + 0.05 / 12) ^ 360").evaluate())
                .startsWith("4.4677443")
                .contains("rounded");
        assertThat(new Expression("1 / 3 * 0 + 1 / 4").evaluate()).contains("rounded");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1 +",
                "(1",
                "1)",
                "1 2",
                "1,000",
                "sqrt 4",
                "sqrt(1, 2)",
                "foo(1)",
                "x",
                "1 / 0",
                "1 % 0",
                "0 ^ -1",
                "sqrt(-1)",
                "2 ^ 0.5",
                "1.2.3",
                "1e",
                ".",
                "round(1, 2, 3)",
                "System.exit(0)",
                "1; 2",
            })
    void saysWhatIsWrong(String expression) {
        assertThatThrownBy(() -> new Expression(expression).evaluate())
                .isInstanceOf(ArithmeticException.class)
                .message()
                .isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9^9^9",
                "9^9^9^9^9",
                "(9^999)^999",
                "2^99999999999999999999",
                "1e999999999",
                "1e-999999999 + 1",
                "1e1000 * 1e1000 * 1e1000",
                "0.1^100000",
                "1.0001^100000^100000",
                "10^1000 * 10^1000",
            })
    void whatWouldTakeForEverIsRefusedAtOnce(String expression) {
        assertTimeoutPreemptively(
                Duration.ofSeconds(2), () -> assertThatThrownBy(() -> new Expression(expression).evaluate())
                        .isInstanceOf(ArithmeticException.class));
    }

    @Test
    void lengthAndNestingAreBounded() {
        assertRefused("1" + "+1".repeat(600));
        assertRefused("(".repeat(400) + "1" + ")".repeat(400));
        assertRefused("-".repeat(900) + "1");
        assertRefused("2^".repeat(400) + "1");
        assertRefused("abs(".repeat(200) + "1" + ")".repeat(200));
    }

    private static void assertRefused(String expression) {
        assertThatThrownBy(() -> new Expression(expression).evaluate()).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void theLargestThingsThatAreAllowedAreQuick() {
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            String power = "1.2345678901^" + 9999;
            assertThat(new Expression(("(" + power + ")+").repeat(40) + "0").evaluate())
                    .contains("rounded");
            assertThat(new Expression("sqrt(9^999)").evaluate()).isNotBlank();
        });
    }
}
