package dev.parley.knowledge;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.postgres.Ids;
import dev.parley.problem.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.UUID;

/// Files that were put into a store together, as the API shows them: OpenAI's `vector_store.files_batch`.
@RegisterForReflection
record FileBatch(
        String id,
        String object,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("vector_store_id") String vectorStoreId,
        String status,
        @JsonProperty("file_counts") FileCounts fileCounts) {

    static final String PREFIX = "vsfb_";

    /// A batch as it is stored.
    record Row(UUID id, VectorStoreId store, Instant createdAt, boolean cancelled) {}

    static UUID parse(String text) {
        return Ids.parse(PREFIX, text).orElseThrow(() -> notFound(text));
    }

    static Problem notFound(String id) {
        return Problem.notFound("file batch", id);
    }

    static FileBatch of(Row row, FileCounts counts) {
        return new FileBatch(
                Ids.format(PREFIX, row.id()),
                "vector_store.files_batch",
                row.createdAt().getEpochSecond(),
                row.store().toString(),
                status(row, counts),
                counts);
    }

    private static String status(Row row, FileCounts counts) {
        if (row.cancelled()) {
            return "cancelled";
        }
        if (counts.inProgress() > 0) {
            return "in_progress";
        }
        return counts.failed() > 0 && counts.failed() == counts.total() ? "failed" : "completed";
    }
}
