package dev.parley.knowledge;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The body that begins an upload.
///
/// @param bytes the whole content's size
@RegisterForReflection
record UploadRequest(
        @NotNull @Size(min = 1, max = 1024) String filename,
        @NotNull String purpose,
        @NotNull @Min(1) Long bytes,
        @JsonProperty("mime_type") @NotNull @Size(max = 255) String mimeType,
        @JsonProperty("expires_after") @Valid @Nullable ExpiresAfter expiresAfter) {

    /// How long the file lives, counted from when it becomes one.
    @RegisterForReflection
    record ExpiresAfter(
            @NotNull @Pattern(regexp = "created_at", message = "must be 'created_at'")
            String anchor,

            @NotNull @Min(Lifetime.MIN_SECONDS) @Max(Lifetime.MAX_SECONDS)
            Long seconds) {}

    /// The body that makes an upload a file.
    ///
    /// @param partIds in the content's order; none where the whole content was put into S3
    /// @param md5 of the whole content, in hexadecimal
    @RegisterForReflection
    record Complete(
            @JsonProperty("part_ids") @Size(max = MAX_PARTS) @Nullable
            List<@NotNull String> partIds,

            @Nullable String md5) {

        static final Complete EMPTY = new Complete(null, null);

        private static final int MAX_PARTS = 10_000;

        List<String> parts() {
            return partIds == null ? List.of() : partIds;
        }
    }
}
