package dev.parley.function;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// Lines of an HTTP/1.1 head, each bounded.
final class HttpLines {

    static final int MAX_HEADERS = 200;
    private static final int MAX_LINE = 16 * 1024;

    private HttpLines() {}

    /// The next line without its end.
    static String read(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("The connection was closed");
            }
            if (line.length() == MAX_LINE) {
                throw new IOException("A header line is too long");
            }
            line.append((char) c);
        }
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
    }
}
