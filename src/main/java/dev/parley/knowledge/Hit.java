package dev.parley.knowledge;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A chunk that was found.
///
/// @param score 0 to 1, higher is better
/// @param attributes the file's, in this store
public record Hit(
        VectorStoreId vectorStore,
        FileId file,
        String filename,
        String text,
        String heading,
        @Nullable Integer page,
        double score,
        Map<String, Object> attributes) {}
