package dev.parley.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The contract with the real model.
class OnnxEmbeddingModelTest {

    private static final OnnxEmbeddingModel MODEL = new OnnxEmbeddingModel();

    private static final List<String> TEXTS = List.of(
            "The battery is covered by the warranty for four years.",
            "How long is the guarantee on the accumulator?",
            "The museum is closed on Mondays.",
            "x",
            "電池は保証の対象外です。 😀");

    @Test
    void vectorsHaveTheirDimensionsAndLengthOne() {
        assertThat(vectors(TEXTS)).hasSameSizeAs(TEXTS).allSatisfy(vector -> {
            assertThat(vector).hasSize(OnnxEmbeddingModel.DIMENSIONS);
            assertThat(dot(vector, vector)).isCloseTo(1, within(1e-4));
        });
    }

    @Test
    void textsOfOneMeaningAreCloserThanOthers() {
        List<float[]> vectors = vectors(TEXTS);

        assertThat(dot(vectors.get(0), vectors.get(1))).isGreaterThan(dot(vectors.get(0), vectors.get(2)) + 0.1);
    }

    @Test
    void aTextHasTheSameVectorAloneAndAmongOthersInTheirOrder() {
        List<float[]> together = vectors(TEXTS);

        for (int i = 0; i < TEXTS.size(); i++) {
            float[] alone = vectors(List.of(TEXTS.get(i))).getFirst();
            assertThat(dot(alone, together.get(i))).as(TEXTS.get(i)).isCloseTo(1, within(1e-4));
        }
    }

    @Test
    void noTextsHaveNoVectors() {
        assertThat(MODEL.embed(List.of())).isEmpty();
    }

    @Test
    void aTextWithoutAVisibleCharacterIsRefused() {
        for (String blank : List.of("", " ", "\u200b")) {
            assertThatThrownBy(() -> MODEL.embed(List.of(blank))).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void concurrentCallersAgree() throws Exception {
        float[] expected = vectors(TEXTS).getFirst();

        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<float[]>>> answers = new ArrayList<>();
            for (Callable<List<float[]>> call : IntStream.range(0, 8)
                    .<Callable<List<float[]>>>mapToObj(i -> () -> vectors(TEXTS))
                    .toList()) {
                answers.add(callers.submit(call));
            }
            for (var answer : answers) {
                assertThat(dot(answer.get().getFirst(), expected)).isCloseTo(1, within(1e-4));
            }
        }
    }

    @Test
    void tokensAreCountedByTheModelsOwnTokenizer() {
        assertThat(MODEL.countTokens("")).isZero();
        assertThat(MODEL.countTokens("Hello, world!")).isEqualTo(4);
        assertThat(MODEL.countTokens("unaffordable")).isEqualTo(4);
    }

    @Test
    void tokensBeyondTheModelsLimitAreCounted() {
        assertThat(MODEL.countTokens("word ".repeat(3000))).isEqualTo(3000);
    }

    @Test
    void embeddingCountsTheTokensItReads() {
        assertThat(MODEL.embed(TEXTS))
                .extracting(OnnxEmbeddingModel.Embedded::tokens)
                .containsExactlyElementsOf(
                        TEXTS.stream().map(MODEL::countTokens).toList());
    }

    @Test
    void aTextIsCutAtTheModelsLimit() {
        var cut = MODEL.embed(List.of("word ".repeat(3000))).getFirst();

        assertThat(cut.tokens()).isEqualTo(OnnxEmbeddingModel.MAX_INPUT_TOKENS);
        assertThat(cut.vector()).isEqualTo(vectors(List.of("word ".repeat(510))).getFirst());
    }

    private static List<float[]> vectors(List<String> texts) {
        return MODEL.embed(texts).stream()
                .map(OnnxEmbeddingModel.Embedded::vector)
                .toList();
    }

    private static double dot(float[] a, float[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
    }
}
