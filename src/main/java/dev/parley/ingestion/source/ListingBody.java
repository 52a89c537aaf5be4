package dev.parley.ingestion.source;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// The XML of a sitemap or a feed: unpacked, and bounded. Sitemaps come as gzip files too, whatever their server calls
/// them.
final class ListingBody extends InputStream {

    /// What the protocol lets a sitemap have, unpacked.
    private static final long MAX_BYTES = 50L * 1024 * 1024;

    private static final int GZIP_MAGIC = 0x8b1f;

    private final InputStream in;
    private long left = MAX_BYTES;

    ListingBody(InputStream body) throws IOException {
        var buffered = new BufferedInputStream(body);
        buffered.mark(2);
        int magic = buffered.read() | buffered.read() << 8;
        buffered.reset();
        this.in = magic == GZIP_MAGIC ? unpacked(buffered) : buffered;
    }

    private static InputStream unpacked(InputStream body) throws IOException {
        try {
            return new GZIPInputStream(body);
        } catch (ZipException | EOFException damaged) {
            throw damaged();
        }
    }

    /// Not so where the connection breaks off, which is an [dev.parley.egress.EgressFailure].
    private static Links.Unreadable damaged() {
        return new Links.Unreadable("Its gzip file is damaged.");
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /// @throws Links.Unreadable when it grows too large or cannot be unpacked
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = unpacked(target, offset, length);
        left -= Math.max(read, 0);
        if (left < 0) {
            throw new Links.Unreadable("It is larger than %d bytes.".formatted(MAX_BYTES));
        }
        return read;
    }

    private int unpacked(byte[] target, int offset, int length) throws IOException {
        try {
            return in.read(target, offset, length);
        } catch (ZipException | EOFException damaged) {
            throw damaged();
        }
    }
}
