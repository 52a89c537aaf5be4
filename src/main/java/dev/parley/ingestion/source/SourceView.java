package dev.parley.ingestion.source;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.parley.ingestion.source.Source.Settings;
import dev.parley.ingestion.source.SourceRun.Counts;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A source as the API shows it. Times are Unix seconds.
///
/// @param nextRun when it is looked at next; null while it is paused
/// @param origin what its type asks for, beside the rest as in the request
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
record SourceView(
        String id,
        String object,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("vector_store_id") String vectorStoreId,
        String type,
        @JsonUnwrapped Origin origin,
        String status,
        Schedule schedule,
        @JsonProperty("max_documents") int maxDocuments,
        @JsonRawValue String attributes,
        @JsonProperty("chunking_strategy") @JsonRawValue String chunkingStrategy,
        @JsonProperty("next_run_at") @Nullable Long nextRun,
        @JsonProperty("last_run") @Nullable Run lastRun) {

    private static final String AUTO = "{\"type\":\"auto\"}";

    /// @param every seconds from the beginning of a run to that of the next
    @RegisterForReflection
    record Schedule(int every) {}

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Run(
            String status,
            @JsonProperty("started_at") @Nullable Long startedAt,
            @JsonProperty("ended_at") @Nullable Long endedAt,
            Documents documents,
            @Nullable String error) {}

    @RegisterForReflection
    record Documents(int added, int changed, int unchanged, int removed, int failed) {}

    static SourceView of(Source source) {
        Settings settings = source.settings();
        return new SourceView(
                source.id().toString(),
                "source",
                source.createdAt().getEpochSecond(),
                source.store().toString(),
                settings.origin().type(),
                settings.origin(),
                source.status().code(),
                new Schedule(settings.everySeconds()),
                settings.maxDocuments(),
                settings.filing().attributes(),
                Objects.requireNonNullElse(settings.filing().chunking(), AUTO),
                source.status() == Source.Status.ACTIVE ? seconds(source.dueAt()) : null,
                run(source.run()));
    }

    private static @Nullable Run run(SourceRun run) {
        SourceRun.Status status = run.status();
        if (status == null) {
            return null;
        }
        Counts counts = run.counts();
        return new Run(
                status.code(),
                seconds(run.startedAt()),
                seconds(run.endedAt()),
                new Documents(counts.added(), counts.changed(), counts.unchanged(), counts.removed(), counts.failed()),
                run.error());
    }

    static @Nullable Long seconds(@Nullable Instant time) {
        return time == null ? null : time.getEpochSecond();
    }
}
