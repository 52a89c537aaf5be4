package dev.parley.knowledge;

import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An upload that has been received and not been stored yet.
///
/// @param content where the server put the bytes for the time of the request
/// @param bytes the content's size
/// @param lifetime after which the file is deleted; null for never
record NewFile(
        String filename,
        String purpose,
        String contentType,
        Path content,
        long bytes,
        @Nullable Duration lifetime) {

    private static final Set<String> PURPOSES =
            Set.of("assistants", "user_data", "batch", "fine-tune", "vision", "evals");

    /// The same, if it may be stored.
    ///
    /// @throws Problem (400 or 413) naming what is wrong with it
    NewFile check(long maxBytes) {
        checkPurpose(purpose);
        if (bytes == 0) {
            throw Problem.invalid("file", "The file is empty.");
        }
        checkSize(bytes, maxBytes);
        return this;
    }

    /// @throws Problem (400) for none of OpenAI's
    static void checkPurpose(String purpose) {
        if (!PURPOSES.contains(purpose)) {
            throw Problem.invalid(
                    "purpose",
                    "'%s' is not one of %s."
                            .formatted(purpose, PURPOSES.stream().sorted().toList()));
        }
    }

    /// Whether such files are there to be searched, and not to be a batch's lines.
    static boolean isForRetrieval(String purpose) {
        return !purpose.startsWith("batch");
    }

    /// @throws Problem (413) naming the limit
    static void checkSize(long bytes, long maxBytes) {
        if (bytes > maxBytes) {
            throw Problem.of(
                    ProblemKind.TOO_LARGE,
                    "file_too_large",
                    "The file has %d bytes; the limit is %d bytes.".formatted(bytes, maxBytes));
        }
    }

    InputStream open() throws IOException {
        return Files.newInputStream(content);
    }
}
