package dev.parley.function;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// A chunked body (RFC 9112, 7.1). A read never crosses a chunk, so what was written together is read together;
/// a body without its last chunk is a failure, not an end.
final class ChunkedInput extends InputStream {

    private static final int MAX_SIZE_DIGITS = 15;

    private final InputStream in;
    private long left;
    private boolean inChunk;
    private boolean ended;

    ChunkedInput(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (left == 0 && !ended) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        int read = in.read(buffer, offset, (int) Math.min(length, left));
        if (read < 0) {
            throw new EOFException("The answer broke off");
        }
        left -= read;
        return read;
    }

    private void nextChunk() throws IOException {
        if (inChunk && !HttpLines.read(in).isEmpty()) {
            throw new IOException("Malformed chunk");
        }
        left = size(HttpLines.read(in));
        inChunk = true;
        if (left == 0) {
            skipTrailers();
            ended = true;
        }
    }

    private static long size(String line) throws IOException {
        int extension = line.indexOf(';');
        String digits = (extension < 0 ? line : line.substring(0, extension)).strip();
        if (digits.length() > MAX_SIZE_DIGITS || !digits.matches("[0-9A-Fa-f]+")) {
            throw new IOException("Malformed chunk size");
        }
        return Long.parseLong(digits, 16);
    }

    private void skipTrailers() throws IOException {
        for (int lines = 0; !HttpLines.read(in).isEmpty(); lines++) {
            if (lines == HttpLines.MAX_HEADERS) {
                throw new IOException("Too many trailers");
            }
        }
    }
}
