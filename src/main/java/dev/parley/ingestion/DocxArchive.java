package dev.parley.ingestion;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/// The files in a DOCX, inflated no further than a limit for all of them. Sizes that the archive states are not
/// believed; what comes out is counted.
final class DocxArchive implements AutoCloseable {

    private final ZipFile zip;
    private long left;

    DocxArchive(Path path, int maxEntries, long maxInflated) throws IOException {
        this.zip = open(path);
        this.left = maxInflated;
        if (zip.size() > maxEntries) {
            zip.close();
            throw IngestionFailure.invalid("The DOCX is made of more than %,d files.".formatted(maxEntries));
        }
    }

    private static ZipFile open(Path path) throws IOException {
        try {
            return new ZipFile(path.toFile());
        } catch (ZipException damaged) {
            throw IngestionFailure.invalid("The DOCX is damaged and cannot be opened. Try to save it anew.");
        }
    }

    /// Null when there is no such file in it.
    @Nullable
    InputStream file(String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        return entry == null ? null : new Counted(zip.getInputStream(entry));
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    private final class Counted extends FilterInputStream {

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            count(read);
            return read;
        }

        private void count(int bytes) {
            left -= Math.max(0, bytes);
            if (left < 0) {
                throw IngestionFailure.invalid("The DOCX inflates to far more than a document has; it is not read.");
            }
        }
    }
}
