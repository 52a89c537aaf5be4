package dev.parley.chat.request;

import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import java.io.IOException;
import java.io.InputStream;

/// Reads a request's body, which is held in memory, up to a limit.
public final class RequestBody {

    private RequestBody() {}

    /// @throws Problem (413) for a longer one
    public static byte[] read(InputStream body, int most) throws IOException {
        byte[] bytes = body.readNBytes(most + 1);
        if (bytes.length > most) {
            throw Problem.of(
                    ProblemKind.TOO_LARGE,
                    "request_too_large",
                    "This request may have at most %d bytes.".formatted(most));
        }
        return bytes;
    }
}
