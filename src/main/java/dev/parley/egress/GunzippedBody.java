package dev.parley.egress;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// A compressed body, decompressed as it is read: its first bytes too, so that opening an answer waits for none of
/// its body.
final class GunzippedBody extends InputStream {

    private static final int BUFFER = 8192;

    private final InputStream compressed;
    private final String host;
    private @Nullable InputStream plain;

    GunzippedBody(InputStream compressed, String host) {
        this.compressed = compressed;
        this.host = host;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        try {
            if (plain == null) {
                plain = new GZIPInputStream(compressed, BUFFER);
            }
            return plain.read(target, offset, length);
        } catch (IOException damaged) { // the compressed body fails by its own failures
            throw new EgressFailure(new EgressError.Malformed(host), damaged);
        }
    }
}
