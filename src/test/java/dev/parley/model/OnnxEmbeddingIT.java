package dev.parley.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The contract of the embedded model; every other test uses the hash embedder.
@QuarkusTest
class OnnxEmbeddingIT {

    private static final String MODEL = "bge-small-en-v1.5";

    @Inject
    EmbeddingModels models;

    @Test
    void vectorsHaveTheTold384DimensionsAndLengthOne() {
        Embeddings embeddings =
                models.embedDocuments(MODEL, List.of("A cat.", "A dog.", "Stocks fell."), Spend.UNMETERED);

        assertThat(embeddings.vectors()).hasSize(3).allSatisfy(vector -> {
            assertThat(vector).hasSize(models.info(MODEL).dimensions());
            assertThat(dot(vector, vector)).isCloseTo(1, within(1e-5));
        });
        assertThat(embeddings.costMicros()).isZero();
        assertThat(embeddings.warnings()).isEmpty();
        assertThat(embeddings.promptTokens()).isPositive();
    }

    @Test
    void aQuestionIsNearerToItsAnswerThanToAnythingElse() {
        float[] question = models.embedQuery(MODEL, "How do I get my money back?", Spend.UNMETERED);
        List<float[]> passages = models.embedDocuments(
                        MODEL,
                        List.of("Refunds are paid within 14 days.", "The office has a roof garden."),
                        Spend.UNMETERED)
                .vectors();

        assertThat(dot(question, passages.get(0))).isGreaterThan(dot(question, passages.get(1)));
    }

    @Test
    void aQuestionGetsThePrefixTheModelWasTrainedWith() {
        String question = "How do I get my money back?";
        String prefixed = "Represent this sentence for searching relevant passages: " + question;

        assertThat(models.embedQuery(MODEL, question, Spend.UNMETERED))
                .isEqualTo(models.embedDocuments(MODEL, List.of(prefixed), Spend.UNMETERED)
                        .vectors()
                        .getFirst())
                .isNotEqualTo(models.embedDocuments(MODEL, List.of(question), Spend.UNMETERED)
                        .vectors()
                        .getFirst());
    }

    @Test
    void tokensAreCountedByItsOwnTokenizerWithoutSpecialOnesAndWithoutLimit() {
        assertThat(models.countTokens(MODEL, "hello world")).isEqualTo(2);
        assertThat(models.countTokens(MODEL, "word ".repeat(2000))).isEqualTo(2000);
        assertThat(models.countTokens(MODEL, "")).isZero();
    }

    @Test
    void aBatchGivesTheSameVectorsAsOneByOne() {
        List<String> texts = List.of("one", "two words", "three little words");
        List<float[]> batch =
                models.embedDocuments(MODEL, texts, Spend.UNMETERED).vectors();

        for (int i = 0; i < texts.size(); i++) {
            assertThat(models.embedDocuments(MODEL, List.of(texts.get(i)), Spend.UNMETERED)
                            .vectors()
                            .getFirst())
                    .isEqualTo(batch.get(i));
        }
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
