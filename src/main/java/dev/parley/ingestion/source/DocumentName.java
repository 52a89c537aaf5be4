package dev.parley.ingestion.source;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/// What a file is called that comes from somewhere else: the last part of its place.
final class DocumentName {

    private static final int MAX_LENGTH = 200;

    private DocumentName() {}

    static String of(WebUrl url) {
        String path = url.path().replaceFirst("(?s)\\?.*", "").replaceFirst("/+$", "");
        String last = path.substring(path.lastIndexOf('/') + 1);
        return safe(last.isEmpty() ? url.authority() : decoded(last));
    }

    static String ofObject(String key) {
        return safe(key.substring(key.lastIndexOf('/') + 1));
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }

    /// The end of a long name says more of its format than the beginning.
    private static String safe(String name) {
        String clean = name.replaceAll("[\\p{Cntrl}\\p{Cs}\\p{Cf}/\\\\]", "").strip();
        String nonempty = clean.isEmpty() ? "document" : clean;
        return nonempty.substring(Math.max(0, nonempty.length() - MAX_LENGTH));
    }
}
