package dev.parley.ingestion;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Looks for decompression bombs before PDFBox, which inflates whole streams, opens a file: every place where a zlib
/// stream may start is inflated, and thrown away, up to the limit.
final class PdfStreams implements AutoCloseable {

    private static final byte[] STREAM = {'s', 't', 'r', 'e', 'a', 'm'};
    private static final int BUFFER = 64 * 1024;

    /// All streams together may be this many times the largest one: honest files of many images are, and a file
    /// made to keep us inflating is stopped.
    private static final int ALL_STREAMS = 20;

    private final ByteBuffer bytes;
    private final long maxInflated;
    private final Inflater inflater = new Inflater();
    private final byte[] discarded = new byte[BUFFER];
    private long left;

    private PdfStreams(ByteBuffer bytes, long maxInflated) {
        this.bytes = bytes;
        this.maxInflated = maxInflated;
        this.left = maxInflated * ALL_STREAMS;
    }

    /// @throws IngestionFailure when a stream inflates to more than that
    static void check(Path pdf, long maxInflated) throws IOException {
        try (var file = FileChannel.open(pdf);
                var streams = new PdfStreams(file.map(FileChannel.MapMode.READ_ONLY, 0, file.size()), maxInflated)) {
            streams.check();
        }
    }

    private void check() {
        for (int at = 0; at + STREAM.length < bytes.limit(); at++) {
            if (isStream(at)) {
                at = inflate(at + STREAM.length);
            }
        }
    }

    private boolean isStream(int at) {
        for (int i = 0; i < STREAM.length; i++) {
            if (bytes.get(at + i) != STREAM[i]) {
                return false;
            }
        }
        return true;
    }

    /// Returns the last byte of the stream, or of its keyword if nothing there is a zlib stream.
    private int inflate(int keywordEnd) {
        int start = keywordEnd;
        while (start < bytes.limit() && (bytes.get(start) == '\r' || bytes.get(start) == '\n')) {
            start++;
        }
        inflater.reset();
        inflater.setInput(bytes.slice(start, bytes.limit() - start));
        try {
            for (int read = 1; read > 0 && !inflater.finished(); ) {
                read = inflater.inflate(discarded);
                count(read);
            }
            return start + (int) inflater.getBytesRead() - 1;
        } catch (DataFormatException notCompressed) {
            // What was read in vain is read again from the next keyword on: unpaid, keywords would square the time.
            count(inflater.getBytesRead());
            return keywordEnd - 1;
        }
    }

    private void count(long read) {
        left -= read;
        if (left < 0 || inflater.getBytesWritten() > maxInflated) {
            throw IngestionFailure.invalid(
                    "The PDF has a part that inflates to more than %,d bytes; it is not read.".formatted(maxInflated));
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
