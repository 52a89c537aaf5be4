package dev.parley.knowledge;

import dev.parley.model.EmbeddingModelInfo;
import dev.parley.model.EmbeddingModels;
import dev.parley.model.Embeddings;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/// Embeds a text as the sum of random directions, one per word: texts that share words are near each other.
@Alternative
@ApplicationScoped
public class HashEmbeddingModels extends EmbeddingModels {

    static final String MODEL = "bge-small-en-v1.5";
    static final int DIMENSIONS = 384;

    @Override
    public Optional<String> defaultModel() {
        return Optional.of(MODEL);
    }

    @Override
    public List<EmbeddingModelInfo> all() {
        return List.of(info(MODEL));
    }

    @Override
    public EmbeddingModelInfo info(String alias) {
        if (!alias.equals(MODEL)) {
            throw Problem.notFound("model", alias);
        }
        return new EmbeddingModelInfo(MODEL, DIMENSIONS, 510);
    }

    @Override
    public Embeddings embedDocuments(String alias, List<String> texts) {
        return new Embeddings(texts.stream().map(HashEmbeddingModels::embed).toList(), 0, 0);
    }

    @Override
    public float[] embedQuery(String alias, String query) {
        return embed(query);
    }

    @Override
    public int countTokens(String alias, String text) {
        return text.split("\\s+").length;
    }

    static float[] embed(String text) {
        float[] sum = new float[DIMENSIONS];
        for (String word : text.toLowerCase(Locale.ROOT).split("\\W+")) {
            var direction = new Random(word.hashCode());
            for (int i = 0; i < DIMENSIONS; i++) {
                sum[i] += (float) direction.nextGaussian();
            }
        }
        return normalise(sum);
    }

    private static float[] normalise(float[] vector) {
        double square = 0;
        for (float value : vector) {
            square += value * value;
        }
        float length = (float) Math.max(Math.sqrt(square), 1e-9);
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= length;
        }
        return vector;
    }
}
