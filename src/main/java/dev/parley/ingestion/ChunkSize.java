package dev.parley.ingestion;

/// How large chunks are, in tokens.
///
/// @param max of heading and text together
/// @param overlap what a chunk may repeat of the one before it; at most half of `max`, as in OpenAI's API
record ChunkSize(int max, int overlap) {

    ChunkSize {
        if (max < 1 || overlap < 0 || overlap > max / 2) {
            throw new IllegalArgumentException("Not a chunk size: %d, %d".formatted(max, overlap));
        }
    }

    /// What was asked for, shrunk in proportion where the model reads less.
    static ChunkSize within(int modelLimit, int wantedMax, int wantedOverlap) {
        int max = Math.min(modelLimit, wantedMax);
        long overlap = (long) wantedOverlap * max / wantedMax;
        return new ChunkSize(max, (int) Math.min(overlap, max / 2));
    }
}
