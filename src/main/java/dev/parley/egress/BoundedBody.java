package dev.parley.egress;

import dev.parley.egress.EgressError.Part;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A body that fails when it has more bytes than it may.
final class BoundedBody extends FilterInputStream {

    private final long limit;
    private long count;

    BoundedBody(InputStream in, long limit) {
        super(in);
        this.limit = limit;
    }

    @Override
    public int read() throws IOException {
        int b = super.read();
        count(b < 0 ? 0 : 1);
        return b;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = super.read(target, offset, length);
        count(Math.max(0, read));
        return read;
    }

    @Override
    public long skip(long bytes) throws IOException {
        long skipped = super.skip(bytes);
        count(skipped);
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false; // what is read twice would count twice
    }

    private void count(long more) {
        count += more;
        if (count > limit) {
            throw new EgressFailure(new EgressError.TooLarge(Part.BODY, limit));
        }
    }
}
