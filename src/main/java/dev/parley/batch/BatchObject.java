package dev.parley.batch;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.parley.knowledge.FileId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A batch as the API shows it. Times are Unix seconds.
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
record BatchObject(
        String id,
        String object,
        String endpoint,
        @Nullable String model,
        @JsonRawValue @Nullable String errors,
        @JsonProperty("input_file_id") String inputFileId,
        @JsonProperty("completion_window") String completionWindow,
        String status,
        @JsonProperty("output_file_id") @Nullable String outputFileId,
        @JsonProperty("error_file_id") @Nullable String errorFileId,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("in_progress_at") @Nullable Long inProgressAt,
        @JsonProperty("expires_at") long expiresAt,
        @JsonProperty("finalizing_at") @Nullable Long finalizingAt,
        @JsonProperty("completed_at") @Nullable Long completedAt,
        @JsonProperty("failed_at") @Nullable Long failedAt,
        @JsonProperty("expired_at") @Nullable Long expiredAt,
        @JsonProperty("cancelling_at") @Nullable Long cancellingAt,
        @JsonProperty("cancelled_at") @Nullable Long cancelledAt,
        @JsonProperty("request_counts") Counts counts,
        Usage usage,
        @JsonRawValue @Nullable String metadata,
        Parley parley) {

    static final String COMPLETION_WINDOW = "24h";

    @RegisterForReflection
    record Counts(int total, int completed, int failed) {}

    @RegisterForReflection
    record Usage(
            @JsonProperty("input_tokens") long inputTokens,
            @JsonProperty("input_tokens_details") Input inputDetails,
            @JsonProperty("output_tokens") long outputTokens,
            @JsonProperty("output_tokens_details") Output outputDetails,
            @JsonProperty("total_tokens") long totalTokens) {

        @RegisterForReflection
        record Input(@JsonProperty("cached_tokens") long cachedTokens) {}

        @RegisterForReflection
        record Output(@JsonProperty("reasoning_tokens") long reasoningTokens) {}

        static Usage of(LineUsage usage) {
            return new Usage(
                    usage.input(),
                    new Input(usage.cached()),
                    usage.output(),
                    new Output(usage.reasoning()),
                    usage.input() + usage.output());
        }
    }

    /// @param pausedUntil when it looks again for room in rates and budgets; null when it found some
    @RegisterForReflection
    record Parley(@JsonProperty("paused_until") @Nullable Long pausedUntil) {}

    static BatchObject of(Batch batch) {
        Batch.Times times = batch.times();
        Batch.Progress progress = batch.progress();
        boolean over = times.ended() != null;
        return new BatchObject(
                batch.id().toString(),
                "batch",
                batch.endpoint(),
                batch.model(),
                batch.errors(),
                batch.input().toString(),
                COMPLETION_WINDOW,
                shown(batch).code(),
                over ? text(batch.output().answers()) : null,
                over ? text(batch.output().errors()) : null,
                times.created().getEpochSecond(),
                seconds(times.inProgress()),
                times.expires().getEpochSecond(),
                seconds(times.finalizing()),
                endedAs(BatchStatus.COMPLETED, batch),
                endedAs(BatchStatus.FAILED, batch),
                endedAs(BatchStatus.EXPIRED, batch),
                seconds(times.cancelling()),
                endedAs(BatchStatus.CANCELLED, batch),
                new Counts(progress.total(), progress.completed(), progress.failed()),
                Usage.of(progress.usage()),
                batch.metadata(),
                new Parley(batch.status() == BatchStatus.IN_PROGRESS ? seconds(times.pausedUntil()) : null));
    }

    /// Who cancelled waits for that alone: the files are written on the way.
    private static BatchStatus shown(Batch batch) {
        return batch.status() == BatchStatus.FINALIZING && batch.isCancelled()
                ? BatchStatus.CANCELLING
                : batch.status();
    }

    private static @Nullable Long endedAs(BatchStatus status, Batch batch) {
        return batch.status() == status ? seconds(batch.times().ended()) : null;
    }

    private static @Nullable String text(@Nullable FileId file) {
        return file == null ? null : file.toString();
    }

    private static @Nullable Long seconds(@Nullable Instant instant) {
        return instant == null ? null : instant.getEpochSecond();
    }
}
