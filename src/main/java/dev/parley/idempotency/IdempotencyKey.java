package dev.parley.idempotency;

import dev.parley.postgres.Sha256;
import dev.parley.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// A client's name for a request that it may send again.
///
/// @param value the header's, 1 to 255 characters
/// @param requestHash SHA-256 of what was asked, in hexadecimal: method, path and body
public record IdempotencyKey(String value, String requestHash) {

    public static final String HEADER = "Idempotency-Key";

    private static final int MAX_LENGTH = 255;

    /// Null when the client sent none.
    ///
    /// @param request `POST /v1/…`, so that one key cannot mean two things
    /// @throws Problem (400) for a key that is too long
    public static @Nullable IdempotencyKey of(@Nullable String header, String request, byte[] body) {
        if (header == null || header.isEmpty()) {
            return null;
        }
        if (header.length() > MAX_LENGTH) {
            throw Problem.invalid(HEADER, "'%s' may have at most %d characters.".formatted(HEADER, MAX_LENGTH));
        }
        MessageDigest digest = Sha256.digest();
        digest.update(request.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        return new IdempotencyKey(header, HexFormat.of().formatHex(digest.digest(body)));
    }
}
