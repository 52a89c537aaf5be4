package dev.parley.knowledge;

import dev.parley.model.EmbeddingModelInfo;
import dev.parley.testing.HashEmbedder;
import java.util.List;

/// The catalog's hashed embeddings, called directly.
final class HashEmbeddingModels {

    static final String MODEL = HashEmbedder.ALIAS;
    static final EmbeddingModelInfo INFO = new EmbeddingModelInfo(MODEL, 384, 510);

    private HashEmbeddingModels() {}

    static float[] embed(String text) {
        return new HashEmbedder().embed(List.of(text), null).vectors().getFirst();
    }
}
