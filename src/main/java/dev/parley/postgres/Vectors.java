package dev.parley.postgres;

import com.pgvector.PGhalfvec;

/// Embeddings as pgvector's half-precision vectors.
public final class Vectors {

    private Vectors() {}

    /// An argument for a `halfvec` column or a distance operator.
    public static PGhalfvec halfvec(float[] embedding) {
        return new PGhalfvec(embedding);
    }
}
