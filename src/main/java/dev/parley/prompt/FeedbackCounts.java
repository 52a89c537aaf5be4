package dev.parley.prompt;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What people think of a version, counted.
///
/// @param averageScore null while nobody has said anything
/// @param labels how often each was given
@RegisterForReflection
record FeedbackCounts(
        String object,
        @JsonProperty("prompt_id") String promptId,
        int version,
        long total,
        long up,
        long down,
        @JsonProperty("average_score") @Nullable Double averageScore,
        Map<String, Long> labels) {}
