package dev.parley.model;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/// Embedding models by alias.
@ApplicationScoped
public class EmbeddingModels {

    /// The model that new vector stores get; empty when none is configured, and search is BM25 alone.
    public Optional<String> defaultModel() {
        throw new UnsupportedOperationException();
    }

    /// Every model of the catalog.
    public List<EmbeddingModelInfo> all() {
        throw new UnsupportedOperationException();
    }

    /// @throws dev.parley.problem.Problem (404, `model_not_found`) for an unknown alias
    public EmbeddingModelInfo info(String alias) {
        throw new UnsupportedOperationException();
    }

    /// Embeds passages of documents, in order. Splits into as many provider calls as the model's batch limit asks.
    public Embeddings embedDocuments(String alias, List<String> texts) {
        throw new UnsupportedOperationException();
    }

    /// Embeds a question, with the prefix that the model wants for one.
    public float[] embedQuery(String alias, String query) {
        throw new UnsupportedOperationException();
    }

    /// Tokens of a text by the model's own tokenizer, special tokens excluded.
    public int countTokens(String alias, String text) {
        throw new UnsupportedOperationException();
    }
}
