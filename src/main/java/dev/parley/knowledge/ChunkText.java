package dev.parley.knowledge;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// What of a chunk is stored, embedded and compared.
final class ChunkText {

    private ChunkText() {}

    /// Heading and text as they are embedded: the heading says what the text is about.
    static String input(String heading, String text) {
        return heading.isEmpty() ? text : heading + "\n\n" + text;
    }

    /// Postgres' text holds every character but NUL.
    static String storable(String text) {
        return text.indexOf('\0') < 0 ? text : text.replace("\0", "");
    }

    static byte[] sha256(String input) {
        return sha256().digest(input.getBytes(StandardCharsets.UTF_8));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
