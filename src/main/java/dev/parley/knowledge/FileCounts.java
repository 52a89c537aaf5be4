package dev.parley.knowledge;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;

/// OpenAI's `file_counts` of a store or batch.
@RegisterForReflection
record FileCounts(
        @JsonProperty("in_progress") long inProgress, long completed, long failed, long cancelled, long total) {

    static final FileCounts NONE = of(0, 0, 0, 0);

    static FileCounts of(long inProgress, long completed, long failed, long cancelled) {
        return new FileCounts(inProgress, completed, failed, cancelled, inProgress + completed + failed + cancelled);
    }

    /// With so many more of this status.
    FileCounts plus(String status, long count) {
        return switch (status) {
            case "in_progress" -> of(inProgress + count, completed, failed, cancelled);
            case "completed" -> of(inProgress, completed + count, failed, cancelled);
            case "failed" -> of(inProgress, completed, failed + count, cancelled);
            case "cancelled" -> of(inProgress, completed, failed, cancelled + count);
            default -> throw new IllegalArgumentException(status);
        };
    }
}
