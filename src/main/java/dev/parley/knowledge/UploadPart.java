package dev.parley.knowledge;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.postgres.Ids;
import dev.parley.problem.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.UUID;

/// A part of an upload as the API shows it: OpenAI's `upload.part`.
@RegisterForReflection
record UploadPart(
        String id,
        String object,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("upload_id") String uploadId) {

    static final String PREFIX = "part_";

    static UploadPart of(UUID id, UUID upload, Instant createdAt) {
        return new UploadPart(
                Ids.format(PREFIX, id), "upload.part", createdAt.getEpochSecond(), Ids.format(Upload.PREFIX, upload));
    }

    /// @throws Problem (400) when the text cannot be a part's id
    static UUID parse(String text) {
        return Ids.parse(PREFIX, text).orElseThrow(() -> unknown(text));
    }

    static Problem unknown(String id) {
        return Problem.invalid("part_ids", "'%s' is not a part of this upload.".formatted(id));
    }
}
