package dev.parley.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Builds the embedding models of one provider type; a bean per type.
public interface EmbeddingProvider {

    /// As the catalog's `type` names it.
    String type();

    /// Opens a model, once per alias and without I/O: what is heavy waits for the first use.
    Client open(String modelName, ProviderSettings provider);

    /// An opened model. It is used by many threads.
    interface Client {

        /// @param dimensions fewer than the model's own, only where the catalog says it supports that
        /// @throws ProviderFailure when the provider fails
        Vectors embed(List<String> texts, @Nullable Integer dimensions);

        /// Tokens of a text, special tokens excluded.
        int countTokens(String text);
    }

    /// @param tokens of all texts; null when the provider did not say
    record Vectors(List<float[]> vectors, @Nullable Integer tokens) {}
}
