package dev.parley.testing;

import dev.parley.model.EmbeddingProvider;
import dev.parley.model.ProviderSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A fast, deterministic embedding model for tests: texts that share words lie close together. Provider type `hash`.
@ApplicationScoped
public class HashEmbedder implements EmbeddingProvider, EmbeddingProvider.Client {

    public static final String ALIAS = "hash-384";
    static final int DIMENSIONS = 384;

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
        return new Vectors(texts.stream().map(HashEmbedder::vector).toList(), tokens);
    }

    @Override
    public int countTokens(String text) {
        return words(text).length;
    }

    private static float[] vector(String text) {
        var vector = new float[DIMENSIONS];
        vector[0] = 0.01f; // never a zero vector
        for (String word : words(text)) {
            vector[Math.floorMod(word.hashCode() * 0x9E3779B1, DIMENSIONS)] += 1;
        }
        return vector;
    }

    private static String[] words(String text) {
        return text.toLowerCase(Locale.ROOT).strip().split("[^\\p{L}\\p{N}]+");
    }
}
