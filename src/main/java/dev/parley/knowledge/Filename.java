package dev.parley.knowledge;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A client's name for a file, made safe to store and to send back.
final class Filename {

    private static final int MAX_LENGTH = 255;
    private static final int MAX_EXTENSION = 16;
    private static final String UNKNOWN_TYPE = "application/octet-stream";

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("md", "text/markdown"),
            Map.entry("markdown", "text/markdown"),
            Map.entry("txt", "text/plain"),
            Map.entry("html", "text/html"),
            Map.entry("htm", "text/html"),
            Map.entry("csv", "text/csv"),
            Map.entry("json", "application/json"),
            Map.entry("jsonl", "application/jsonl"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"));

    private Filename() {}

    /// The name without path and control characters, at most 255 characters long; the extension survives the cut.
    static String sanitise(@Nullable String name) {
        if (name == null) {
            return "file";
        }
        String base = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
                .replaceAll("[\\p{Cntrl}\\p{Cs}\\p{Cf}]", "")
                .strip();
        if (base.isEmpty() || base.equals(".") || base.equals("..")) {
            return "file";
        }
        return base.length() <= MAX_LENGTH ? base : shorten(base);
    }

    /// The media type a client stated, or the one its extension stands for when it stated none.
    static String contentType(String filename, @Nullable String stated) {
        if (stated != null && !stated.startsWith(UNKNOWN_TYPE) && stated.matches("[\\w.+-]{1,100}/[\\w.+-]{1,100}")) {
            return stated.toLowerCase(Locale.ROOT);
        }
        return TYPES.getOrDefault(extension(filename).toLowerCase(Locale.ROOT), UNKNOWN_TYPE);
    }

    private static String shorten(String name) {
        String extension = extension(name);
        return extension.isEmpty() || extension.length() > MAX_EXTENSION
                ? name.substring(0, MAX_LENGTH)
                : name.substring(0, MAX_LENGTH - extension.length() - 1) + "." + extension;
    }

    private static String extension(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
