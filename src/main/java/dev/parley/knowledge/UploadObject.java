package dev.parley.knowledge;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.aws.ObjectStore;
import dev.parley.postgres.Ids;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An upload as the API shows it. Times are Unix seconds.
///
/// @param file what it became, in the answer that says so
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
record UploadObject(
        String id,
        String object,
        long bytes,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("expires_at") long expiresAt,
        String filename,
        String purpose,
        String status,
        @Nullable FileObject file,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Extension parley) {

    /// How to send the whole content at once, past the API.
    ///
    /// @param headers to be sent exactly so
    @RegisterForReflection
    record Extension(
            @JsonProperty("upload_url") String uploadUrl,
            String method,
            Map<String, String> headers,
            @JsonProperty("expires_at") long expiresAt) {

        static Extension of(ObjectStore.Presigned presigned) {
            return new Extension(
                    presigned.url(),
                    "PUT",
                    presigned.headers(),
                    presigned.expiresAt().getEpochSecond());
        }
    }

    static UploadObject of(Upload upload) {
        return of(upload, null, null);
    }

    static UploadObject of(Upload upload, @Nullable FileObject file, @Nullable Extension parley) {
        return new UploadObject(
                Ids.format(Upload.PREFIX, upload.id()),
                "upload",
                upload.bytes(),
                upload.createdAt().getEpochSecond(),
                upload.expiresAt().getEpochSecond(),
                upload.filename(),
                upload.purpose(),
                upload.word(),
                file,
                parley);
    }
}
