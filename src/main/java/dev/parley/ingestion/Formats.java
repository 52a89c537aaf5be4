package dev.parley.ingestion;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Recognises a file's format: by its content where that is unmistakable, else by its extension, its content type,
/// and the look of its text.
final class Formats {

    private static final String ZIP = "PK\u0003\u0004";
    private static final String OLE2 = "\u00d0\u00cf\u0011\u00e0";
    private static final int PDF_MARKER_WITHIN = 1024;

    private static final Map<String, String> IMAGES =
            Map.of("\u0089PNG", "PNG", "\u00ff\u00d8\u00ff", "JPEG", "GIF8", "GIF", "II*\0", "TIFF", "MM\0*", "TIFF");

    private Formats() {}

    /// @throws IngestionFailure for a format that is not supported
    static DocumentFormat recognise(Upload upload) throws IOException {
        String head = new String(upload.head(), StandardCharsets.ISO_8859_1);
        refuse(head);
        int pdf = head.indexOf("%PDF-");
        if (pdf >= 0 && pdf < PDF_MARKER_WITHIN) {
            return DocumentFormat.PDF;
        }
        if (head.startsWith(ZIP)) {
            return zipped(upload, head);
        }
        return byExtension(upload.extension())
                .or(() -> byMediaType(upload.mediaType()))
                .orElseGet(() -> byLook(head));
    }

    private static void refuse(String head) {
        IMAGES.forEach((magic, name) -> {
            if (head.startsWith(magic)) {
                throw IngestionFailure.unsupported(
                        "This is a %s image. Run OCR on it and upload the text.".formatted(name));
            }
        });
        if (head.startsWith(OLE2)) {
            throw IngestionFailure.unsupported(
                    "This is an old or password-protected Office file. Save it as DOCX without a password, or as PDF.");
        }
    }

    private static DocumentFormat zipped(Upload upload, String head) {
        if (upload.extension().equals("docx")
                || upload.mediaType().endsWith("wordprocessingml.document")
                || head.contains("word/")) {
            return DocumentFormat.DOCX;
        }
        throw IngestionFailure.unsupported(
                switch (upload.extension()) {
                    case "xlsx", "ods" -> "Spreadsheets are not supported. Save each sheet as CSV.";
                    case "pptx", "odp" -> "Presentations are not supported. Save this one as PDF.";
                    case "odt", "epub" -> "This format is not supported. Save the document as DOCX or PDF.";
                    default -> "Archives are not supported. Upload the files in it one by one.";
                });
    }

    private static Optional<DocumentFormat> byExtension(String extension) {
        return Optional.ofNullable(
                switch (extension) {
                    case "md", "markdown", "mdx" -> DocumentFormat.MARKDOWN;
                    case "html", "htm", "xhtml" -> DocumentFormat.HTML;
                    case "csv", "tsv" -> DocumentFormat.CSV;
                    case "json" -> DocumentFormat.JSON;
                    case "jsonl", "ndjson" -> DocumentFormat.JSONL;
                    case "txt", "text", "log" -> DocumentFormat.TEXT;
                    case "pdf" -> throw notWhatItSays("PDF");
                    case "docx" -> throw notWhatItSays("DOCX");
                    default -> null;
                });
    }

    private static IngestionFailure notWhatItSays(String format) {
        return IngestionFailure.invalid(
                "The file is named %s but is not one, or its beginning is damaged.".formatted(format));
    }

    private static Optional<DocumentFormat> byMediaType(String type) {
        return Optional.ofNullable(
                switch (type) {
                    case "text/markdown" -> DocumentFormat.MARKDOWN;
                    case "text/html", "application/xhtml+xml" -> DocumentFormat.HTML;
                    case "text/csv", "text/tab-separated-values" -> DocumentFormat.CSV;
                    case "application/json" -> DocumentFormat.JSON;
                    case "application/jsonl", "application/x-ndjson" -> DocumentFormat.JSONL;
                    default -> null;
                });
    }

    /// Whatever else is text is read as such, source code included; [TextFile] refuses what is not.
    private static DocumentFormat byLook(String head) {
        String start = head.strip().toLowerCase(Locale.ROOT);
        return start.startsWith("<!doctype html") || start.startsWith("<html")
                ? DocumentFormat.HTML
                : DocumentFormat.TEXT;
    }
}
