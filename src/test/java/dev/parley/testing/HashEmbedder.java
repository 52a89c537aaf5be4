package dev.parley.testing;

import dev.parley.model.EmbeddingProvider;
import dev.parley.model.ProviderSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A fast, deterministic embedding model for tests: texts that share words lie close together. Provider type `hash`.
@ApplicationScoped
public class HashEmbedder implements EmbeddingProvider, EmbeddingProvider.Client {

    public static final String ALIAS = "hash-384";
    public static final int DIMENSIONS = 384;

    @Override
    public String type() {
        return "hash";
    }

    @Override
    public Client open(String modelName, ProviderSettings provider) {
        return this;
    }

    @Override
    public Vectors embed(List<String> texts, @Nullable Integer dimensions) {
        int tokens = texts.stream().mapToInt(this::countTokens).sum();
        return new Vectors(texts.stream().map(HashEmbedder::embed).toList(), tokens);
    }

    @Override
    public int countTokens(String text) {
        return words(text).length;
    }

    /// The sum of a random direction for each word, of length one.
    public static float[] embed(String text) {
        float[] sum = new float[DIMENSIONS];
        for (String word : words(text)) {
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

    private static String[] words(String text) {
        return text.toLowerCase(Locale.ROOT).strip().split("[^\\p{L}\\p{N}]+");
    }
}
