package dev.parley.knowledge;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/// A file as the API shows it. Times are Unix seconds.
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
record FileObject(
        String id,
        String object,
        long bytes,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("expires_at") @Nullable Long expiresAt,
        String filename,
        String purpose,
        String status,
        @JsonProperty("status_details") @Nullable String statusDetails) {

    static FileObject of(StoredFile file) {
        return new FileObject(
                file.fileId().toString(),
                "file",
                file.bytes,
                file.createdAt.getEpochSecond(),
                file.expiresAt == null ? null : file.expiresAt.getEpochSecond(),
                file.filename,
                file.purpose,
                "processed",
                null);
    }
}
