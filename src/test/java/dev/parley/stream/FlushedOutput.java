package dev.parley.stream;

import dev.parley.invocation.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// A client that sees only what was flushed.
final class FlushedOutput extends ByteArrayOutputStream {

    private volatile String flushed = "";

    @Override
    public void flush() {
        flushed = toString(StandardCharsets.UTF_8);
    }

    String flushed() {
        return flushed;
    }

    /// Writes the whole stream.
    void take(ClientStream client) {
        try {
            new SseStreams(StreamSettings.with())
                    .write(client, new Connection(this, Deadline.NONE, () -> {}), new CountingEndings());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
