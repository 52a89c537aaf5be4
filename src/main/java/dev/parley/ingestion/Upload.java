package dev.parley.ingestion;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// A file to parse, on disk: parsers of paged and zipped formats jump around in it, and memory stays free of it.
public record Upload(String filename, String contentType, Path path) implements AutoCloseable {

    private static final String PREFIX = "parley-";
    private static final String SUFFIX = ".upload";

    private static final int HEAD = 8 * 1024;

    public static Upload copy(String filename, String contentType, InputStream content) throws IOException {
        Path path = Files.createTempFile(PREFIX, SUFFIX);
        try (content;
                var out = Files.newOutputStream(path)) {
            content.transferTo(out);
        } catch (IOException | RuntimeException failure) {
            Files.deleteIfExists(path);
            throw failure;
        }
        return new Upload(filename, contentType, path);
    }

    /// The first bytes, as many as tell a format.
    byte[] head() throws IOException {
        try (var in = Files.newInputStream(path)) {
            return in.readNBytes(HEAD);
        }
    }

    /// In lower case, without the dot; empty when there is none.
    String extension() {
        int dot = filename.lastIndexOf('.');
        return dot < 0 ? "" : filename.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    /// In lower case, without parameters.
    String mediaType() {
        return contentType.toLowerCase(Locale.ROOT).split(";", 2)[0].strip();
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }
}
