package dev.parley.function;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A chunked body (RFC 9112, 7.1): every write is one chunk and leaves at once.
final class ChunkedOutput {

    private static final byte[] LINE_END = {'\r', '\n'};

    private final OutputStream out;

    ChunkedOutput(OutputStream out) {
        this.out = out;
    }

    void write(byte[] buffer, int length) throws IOException {
        if (length == 0) {
            return; // an empty chunk would end the body
        }
        out.write(Integer.toHexString(length).getBytes(StandardCharsets.ISO_8859_1));
        out.write(LINE_END);
        out.write(buffer, 0, length);
        out.write(LINE_END);
        out.flush();
    }

    /// Ends the body; the trailers must have been declared in the head's `Trailer`.
    void end(List<Header> trailers) throws IOException {
        var last = new StringBuilder("0\r\n");
        trailers.forEach(trailer ->
                last.append(trailer.name()).append(": ").append(trailer.value()).append("\r\n"));
        out.write(last.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }
}
