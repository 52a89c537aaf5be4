package dev.parley.knowledge;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;

/// A file's bytes as a stream: one part in memory at a time.
final class FileContent extends InputStream {

    private final Parts parts;
    private byte[] part = {};
    private int position;
    private int next;
    private boolean ended;

    FileContent(Parts parts) {
        this.parts = parts;
    }

    /// Where the bytes come from, in order.
    @FunctionalInterface
    interface Parts {

        /// Empty after the last one.
        ///
        /// @param number from 0
        Optional<byte[]> part(int number);
    }

    /// The same with its first part read, so that what is wrong with it is known before anything is sent.
    FileContent begun() {
        isAtEnd();
        return this;
    }

    @Override
    public int read() {
        return isAtEnd() ? -1 : part[position++] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (length == 0) {
            return 0;
        }
        if (isAtEnd()) {
            return -1;
        }
        int count = Math.min(length, part.length - position);
        System.arraycopy(part, position, buffer, offset, count);
        position += count;
        return count;
    }

    private boolean isAtEnd() {
        while (!ended && position == part.length) {
            Optional<byte[]> following = parts.part(next++);
            ended = following.isEmpty();
            part = following.orElse(part);
            position = ended ? part.length : 0;
        }
        return ended;
    }
}
