package dev.parley.knowledge;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// @param limit how many hits, 1 to 100
/// @param filter on the files' attributes; null for none
public record SearchQuery(
        List<VectorStoreId> vectorStores,
        String text,
        int limit,
        @Nullable Filter filter,
        Ranking ranking) {

    public static SearchQuery of(List<VectorStoreId> vectorStores, String text, int limit) {
        return new SearchQuery(vectorStores, text, limit, null, Ranking.DEFAULT);
    }
}
