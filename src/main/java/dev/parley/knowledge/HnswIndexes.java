package dev.parley.knowledge;

import dev.parley.model.EmbeddingModelInfo;
import java.util.regex.Pattern;

/// How the HNSW index of an embedding model is named and written in SQL.
final class HnswIndexes {

    /// What may stand in SQL as a literal: a catalog's alias.
    private static final Pattern ALIAS = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}");

    /// pgvector's limit for an index over half-precision vectors.
    private static final int MAX_DIMENSIONS = 4000;

    private HnswIndexes() {}

    static String expression(EmbeddingModelInfo model) {
        return "(e.embedding::halfvec(%d))".formatted(dimensions(model));
    }

    static String predicate(EmbeddingModelInfo model) {
        return "e.model = '%s'".formatted(alias(model));
    }

    static String name(EmbeddingModelInfo model) {
        return "embeddings_hnsw_%08x_%d".formatted(alias(model).hashCode(), dimensions(model));
    }

    static String create(EmbeddingModelInfo model) {
        return """
                CREATE INDEX CONCURRENTLY %s ON embeddings
                 USING hnsw ((embedding::halfvec(%d)) halfvec_cosine_ops) WHERE model = '%s'""".formatted(name(model), dimensions(model), alias(model));
    }

    private static String alias(EmbeddingModelInfo model) {
        if (!ALIAS.matcher(model.alias()).matches()) {
            throw new IllegalArgumentException("Not the alias of a model: " + model.alias());
        }
        return model.alias();
    }

    private static int dimensions(EmbeddingModelInfo model) {
        if (model.dimensions() < 1 || model.dimensions() > MAX_DIMENSIONS) {
            throw new IllegalArgumentException("Not indexable: %d dimensions".formatted(model.dimensions()));
        }
        return model.dimensions();
    }
}
