package dev.parley.ingestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.parley.ingestion.Block.Kind;
import dev.parley.knowledge.Chunks.NewChunk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ChunkerTest {

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]{1,6}|[^\\p{L}\\p{N}\\s]");

    /// Counts like a sub-word tokenizer: a long word is several tokens.
    private static int count(String text) {
        return (int) WORD.matcher(text).results().count();
    }

    private static List<NewChunk> chunk(List<Block> blocks, int max, int overlap) {
        return Chunker.chunk(new Document(blocks), ChunkerTest::count, new ChunkSize(max, overlap));
    }

    private static Block paragraph(String text) {
        return new Block(Kind.PARAGRAPH, 0, text, null);
    }

    private static Block heading(int level, String text) {
        return new Block(Kind.HEADING, level, text, null);
    }

    private static String visible(String text) {
        return text.replaceAll("\\s", "");
    }

    private static List<Block> randomDocument(Random random) {
        var blocks = new ArrayList<Block>();
        for (int i = random.nextInt(1, 40); i > 0; i--) {
            Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
            int level = kind == Kind.HEADING ? random.nextInt(4) : 0;
            blocks.add(new Block(kind, level, randomText(random), random.nextInt(1, 9)));
        }
        return blocks;
    }

    private static String randomText(Random random) {
        String[] parts = {
            "word ",
            "longerword ",
            "end. ",
            "Why? ",
            "line\n",
            "\n\n",
            "漢字",
            "かな。",
            "שלום ",
            "مرحبا، ",
            "👩‍👧 ",
            "e\u0301",
            "ไทย",
            "x".repeat(80),
            "    ",
            "a-b",
            "ä"
        };
        String text = random.ints(random.nextInt(1, 120), 0, parts.length)
                .mapToObj(i -> parts[i])
                .collect(Collectors.joining());
        return text.isBlank() ? "x" : text.strip();
    }

    @Test
    void nothingIsLostInAnyDocument() {
        for (int seed = 0; seed < 300; seed++) {
            var blocks = randomDocument(new Random(seed));

            String chunks = chunk(blocks, 30, 0).stream().map(NewChunk::text).collect(Collectors.joining());

            assertThat(visible(chunks))
                    .as("seed %d", seed)
                    .isEqualTo(visible(blocks.stream().map(Block::text).collect(Collectors.joining())));
        }
    }

    @Test
    void overlappingChunksJoinToTheDocumentInOrder() {
        for (int seed = 0; seed < 300; seed++) {
            var blocks = randomDocument(new Random(seed));
            String document = visible(blocks.stream().map(Block::text).collect(Collectors.joining()));

            Set<Integer> ends = Set.of(0);
            for (NewChunk chunk : chunk(blocks, 30, 12)) {
                ends = endsOf(visible(chunk.text()), document, ends);
            }

            assertThat(ends).as("seed %d", seed).contains(document.length());
        }
    }

    /// Where in the document a chunk may end that begins at or before one of these positions, without a gap.
    private static Set<Integer> endsOf(String chunk, String document, Set<Integer> covered) {
        var ends = new HashSet<Integer>();
        for (int from : covered) {
            for (int start = Math.max(0, from - chunk.length()); start <= from; start++) {
                if (document.startsWith(chunk, start)) {
                    ends.add(start + chunk.length());
                }
            }
        }
        return ends;
    }

    @Test
    void headingAndTextStayWithinTheSizeAndCountRight() {
        for (int seed = 0; seed < 300; seed++) {
            for (NewChunk chunk : chunk(randomDocument(new Random(seed)), 20, 8)) {
                int tokens = count(chunk.heading() + "\n\n" + chunk.text());
                assertThat(tokens).as("seed %d", seed).isLessThanOrEqualTo(20).isEqualTo(chunk.tokens());
            }
        }
    }

    @Test
    void theSameDocumentGivesTheSameChunks() {
        var blocks = randomDocument(new Random(7));

        assertThat(chunk(blocks, 30, 8)).isEqualTo(chunk(blocks, 30, 8));
    }

    @Test
    void aChunkEndsAtTheEndOfASentence() {
        var chunks = chunk(List.of(paragraph("One two three four. Five six seven eight. Nine ten.")), 11, 0);

        assertThat(chunks)
                .extracting(NewChunk::text)
                .containsExactly("One two three four. Five six seven eight.", "Nine ten.");
    }

    /// To Unicode's rules it is one sentence.
    @Test
    void aTextWithoutCapitalsIsCutAtItsStopsToo() {
        var chunks = chunk(List.of(paragraph("one two three . four five: six seven . eight nine .")), 10, 4);

        assertThat(chunks)
                .extracting(NewChunk::text)
                .containsExactly("one two three . four five: six seven .", "six seven . eight nine .");
    }

    @Test
    void aSentenceThatFitsIsNotCutAtItsStops() {
        var chunks = chunk(List.of(paragraph("Aa bb cc dd. Ee e.g. ff; gg.")), 10, 0);

        assertThat(chunks).extracting(NewChunk::text).containsExactly("Aa bb cc dd.", "Ee e.g. ff; gg.");
    }

    @Test
    void overlapRepeatsWholeSentences() {
        var chunks = chunk(List.of(paragraph("Aa bb cc. Dd ee. Ff gg hh ii.")), 8, 4);

        assertThat(chunks).extracting(NewChunk::text).containsExactly("Aa bb cc. Dd ee.", "Dd ee. Ff gg hh ii.");
    }

    @Test
    void aChunkNeverCrossesAHeadingAndKnowsThoseAboveIt() {
        var chunks = chunk(
                List.of(
                        heading(1, "Guide"),
                        heading(2, "Install"),
                        paragraph("Run it. Then wait."),
                        paragraph("And then smile."),
                        heading(2, "Remove"),
                        paragraph("Stop it.")),
                8,
                0);

        assertThat(chunks)
                .extracting(NewChunk::heading, NewChunk::text)
                .containsExactly(
                        tuple("", "Guide\n\nInstall\n\nRun it."),
                        tuple("Install", "Then wait."),
                        tuple("Install", "And then smile."),
                        tuple("Guide", "Remove\n\nStop it."));
    }

    @Test
    void noHeadingIsAChunkAlone() {
        for (int words = 1; words < 40; words++) {
            var blocks = List.of(
                    heading(0, "The report"),
                    heading(1, "Part one"),
                    heading(2, "Its title"),
                    paragraph("word ".repeat(words).strip()));

            assertThat(chunk(blocks, 20, 4)).as("%d words", words).allSatisfy(chunk -> assertThat(chunk.text())
                    .contains("word"));
        }
    }

    @Test
    void rowsAreKeptWholeAndTheStartsPageIsKept() {
        var rows = List.of(
                new Block(Kind.ROW, 0, "name: Tea. Black.\nprice: 3", 4),
                new Block(Kind.ROW, 0, "name: Cake\nprice: 4", 5));

        assertThat(chunk(rows, 10, 0))
                .extracting(NewChunk::page, NewChunk::text)
                .containsExactly(tuple(4, "name: Tea. Black.\nprice: 3"), tuple(5, "name: Cake\nprice: 4"));
    }

    @Test
    void textWithoutSpacesIsCutBetweenCharacters() {
        var chunks = chunk(List.of(paragraph("漢".repeat(1000)), paragraph("👩‍👧".repeat(500))), 20, 0);

        assertThat(chunks).allSatisfy(chunk -> {
            assertThat(chunk.text()).doesNotStartWith("\u200d").doesNotEndWith("\u200d");
            assertThat(Character.isLowSurrogate(chunk.text().charAt(0))).isFalse();
        });
    }

    @Test
    void aWordThatATokenizerTakesForOneTokenIsCutAllTheSame() {
        var chunks =
                Chunker.chunk(new Document(List.of(paragraph("A".repeat(100_000)))), text -> 1, new ChunkSize(100, 0));

        assertThat(chunks).allSatisfy(chunk -> assertThat(chunk.text().length()).isLessThanOrEqualTo(1_010));
    }

    @Test
    void anOrdinarySizeIsShrunkToWhatTheModelReads() {
        assertThat(ChunkSize.within(510, 400, 80)).isEqualTo(new ChunkSize(400, 80));
        assertThat(ChunkSize.within(510, 800, 400)).isEqualTo(new ChunkSize(510, 255));
        assertThat(ChunkSize.within(8191, 4096, 2048)).isEqualTo(new ChunkSize(4096, 2048));
    }

    @Test
    void aMillionHostileCharactersAreCutWithinSeconds() {
        String[] hostile = {
            "A sentence of some words. ".repeat(40_000),
            "x".repeat(1_000_000),
            "漢".repeat(400_000),
            "\n".repeat(1_000_000) + "x"
        };
        for (String text : hostile) {
            for (Kind kind : List.of(Kind.PARAGRAPH, Kind.CODE, Kind.ROW)) {
                assertTimeout(Duration.ofSeconds(15), () -> chunk(List.of(new Block(kind, 0, text, null)), 400, 80));
            }
        }
    }
}
