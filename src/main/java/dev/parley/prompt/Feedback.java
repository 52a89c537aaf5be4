package dev.parley.prompt;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.identity.KnownKeys;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What somebody thinks of an answer, as the API shows it.
///
/// @param rating `up`, `down`; null between the two
/// @param user null when the caller gave it without naming one
/// @param prompt null when the answer came without one
/// @param updatedAt Unix seconds
@RegisterForReflection
record Feedback(
        String object,
        @JsonProperty("response_id") String responseId,
        @Nullable String rating,
        double score,
        @Nullable String comment,
        List<String> labels,
        @JsonProperty("created_by") String createdBy,
        @Nullable String user,
        @Nullable Prompted prompt,
        @JsonProperty("updated_at") long updatedAt) {

    @RegisterForReflection
    record Prompted(String id, int version) {}

    static Feedback of(RatedAnswer answer, Opinion opinion, Rater rater, Instant now) {
        return new Feedback(
                "response.feedback",
                answer.id(),
                opinion.rating(),
                opinion.score(),
                opinion.comment(),
                opinion.labels(),
                KnownKeys.format(rater.key()),
                rater.user().isEmpty() ? null : rater.user(),
                answer.prompt(),
                now.getEpochSecond());
    }

    /// @param id as the client wrote it
    record RatedAnswer(String id, @Nullable Prompted prompt) {}

    /// @param user empty for none
    record Rater(UUID key, String user) {}
}
