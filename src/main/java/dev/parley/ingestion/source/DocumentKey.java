package dev.parley.ingestion.source;

import java.nio.charset.StandardCharsets;

/// What can be a document's key: an object's may be longer, or have what the database has no text for.
final class DocumentKey {

    private static final int MAX_BYTES = 2048;

    static final String IMPOSSIBLE =
            "A key is longer than %d bytes, or has a NUL: it is left out.".formatted(MAX_BYTES);

    private DocumentKey() {}

    static boolean isPossible(String key) {
        return isText(key) && key.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
    }

    static boolean isText(String key) {
        return key.indexOf('\0') < 0;
    }
}
