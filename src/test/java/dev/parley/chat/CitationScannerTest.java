package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.knowledge.FileId;
import dev.parley.knowledge.Hit;
import dev.parley.knowledge.VectorStoreId;
import dev.parley.postgres.Ids;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CitationScannerTest {

    private static final Evidence THREE = new Evidence(
            true, IntStream.range(0, 3).mapToObj(CitationScannerTest::hit).toList(), false);

    private record Found(int number, int start, int end) {}

    @Test
    void aMarkerIsFoundWithItsNumberAndPosition() {
        assertThat(scan("Yes [2].")).containsExactly(new Found(2, 4, 7));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1][3]       | 1:0-3 3:3-6",
                "[1, 3]       | 1:0-6 3:0-6",
                "[1,9,3]      | 1:0-7 3:0-7",
                "[[1]]        | 1:1-4",
                "[a [2]       | 2:3-6",
                "[1[2]        | 2:2-5",
                "[12[3]]      | 3:3-6",
                "[0001]       | 1:0-6"
            })
    void markersAreFoundAmongBrackets(String text, String expected) {
        assertThat(scan(text).stream().map(f -> f.number + ":" + f.start + "-" + f.end))
                .containsExactly(expected.split(" "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[0]",
                "[4]",
                "[99999999999999999999]",
                "[-1]",
                "[1.5]",
                "[]",
                "[ ]",
                "[,]",
                "[1,]",
                "[,1]",
                "[1 2]",
                "[a]",
                "[1a]",
                "[1",
                "1]",
                "(1)",
                "[１]",
                "[00001]"
            })
    void whatNamesNoPassageIsLeftAlone(String text) {
        assertThat(scan(text)).isEmpty();
    }

    @Test
    void positionsCountCodePoints() {
        assertThat(scan("😀é [1]")).containsExactly(new Found(1, 3, 6));
    }

    @Test
    void aTextFindsTheSameHoweverItIsCut() {
        String text = "A [1]😀 and [2, 3] but [7], [[1]] x[3][";
        List<Found> whole = scan(text);
        var random = new Random(7);
        for (int round = 0; round < 200; round++) {
            var pieces = new ArrayList<String>();
            for (int from = 0; from < text.length(); ) {
                int to = Math.min(text.length(), from + 1 + random.nextInt(4));
                pieces.add(text.substring(from, to));
                from = to;
            }
            assertThat(scan(pieces.toArray(String[]::new))).isEqualTo(whole);
        }
    }

    @Test
    void aCitationComesWithThePieceThatCompletesItsMarker() {
        var scanner = new CitationScanner(THREE);

        assertThat(scanner.next("see [")).isEmpty();
        assertThat(scanner.next("1")).isEmpty();
        assertThat(scanner.next("] ok")).hasSize(1);
    }

    @Test
    void withoutPassagesNothingIsACitation() {
        assertThat(new CitationScanner(Evidence.NONE).next("[1]")).isEmpty();
    }

    @Test
    void aLongRunOfBracketsAndNumbersTakesLinearTime() {
        String hostile = "[1,".repeat(200_000) + "1".repeat(200_000) + "]";

        assertThat(scan(hostile)).isEmpty();
    }

    private static List<Found> scan(String... pieces) {
        var scanner = new CitationScanner(THREE);
        var found = new ArrayList<Found>();
        for (String piece : pieces) {
            scanner.next(piece).forEach(c -> found.add(new Found(c.number(), c.start(), c.end())));
        }
        return found;
    }

    private static Hit hit(int number) {
        return new Hit(
                new VectorStoreId(Ids.next()),
                new FileId(Ids.next()),
                "file" + number + ".md",
                "text",
                "",
                null,
                1,
                Map.of());
    }
}
