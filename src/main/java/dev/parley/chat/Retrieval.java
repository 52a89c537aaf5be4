package dev.parley.chat;

import dev.parley.knowledge.Filter;
import dev.parley.knowledge.Ranking;
import dev.parley.knowledge.VectorStoreId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a turn looks for passages before it answers.
///
/// @param maxResults passages at most; the token budget may leave room for fewer
public record Retrieval(
        List<VectorStoreId> vectorStores,
        int maxResults,
        @Nullable Filter filter,
        Ranking ranking) {}
