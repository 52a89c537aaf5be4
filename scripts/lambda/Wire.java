import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// HTTP/1.1 as a server speaks it, on one connection. The Runtime API needs what the JDK's server hides: the trailers
/// of a request, and an answer that breaks off.
final class Wire implements Closeable {

    private static final int MAX_LINE = 64 * 1024;
    private static final int MAX_FIELDS = 200;

    private final Socket socket;
    private final InputStream in;

    Wire(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    record Field(String name, String value) {

        boolean is(String other) {
            return name.equalsIgnoreCase(other);
        }
    }

    record Request(String method, String target, List<Field> fields, Body body) {

        Optional<String> first(String name) {
            return fields.stream().filter(field -> field.is(name)).map(Field::value).findFirst();
        }

        /// Whether the connection ends with it: told so, or because some of its body was left unread.
        boolean isLast() {
            return !body.isRead() || first("Connection").filter("close"::equalsIgnoreCase).isPresent();
        }
    }

    String peer() {
        return ((InetSocketAddress) socket.getRemoteSocketAddress()).getAddress().getHostAddress();
    }

    /// The next request of this connection; empty when the other side has closed it.
    Optional<Request> read() throws IOException {
        String line;
        try {
            line = line();
        } catch (EOFException closed) {
            return Optional.empty();
        }
        var parts = line.split(" ");
        if (parts.length != 3 || !parts[2].equals("HTTP/1.1")) throw new IOException("Not an HTTP/1.1 request");
        var fields = fields();
        return Optional.of(new Request(parts[0], parts[1], fields, body(fields)));
    }

    /// Before the body is read by whoever waits for leave to send it.
    void proceed(Request request) throws IOException {
        if (request.first("Expect").filter("100-continue"::equalsIgnoreCase).isPresent()) {
            write("HTTP/1.1 100 Continue\r\n\r\n");
        }
    }

    void answer(int status, List<Field> fields, byte[] body) throws IOException {
        var all = new ArrayList<>(fields);
        all.add(new Field("Content-Length", String.valueOf(body.length)));
        head(status, all);
        socket.getOutputStream().write(body);
    }

    void head(int status, List<Field> fields) throws IOException {
        var head = new StringBuilder("HTTP/1.1 ").append(status).append(" \r\n");
        fields.forEach(field -> head.append(field.name()).append(": ").append(field.value()).append("\r\n"));
        write(head.append("\r\n").toString());
    }

    /// In one piece, so that it is one packet.
    void chunk(byte[] bytes, int length) throws IOException {
        var chunk = new ByteArrayOutputStream(length + 16);
        chunk.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        chunk.write(bytes, 0, length);
        chunk.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().write(chunk.toByteArray());
    }

    void lastChunk() throws IOException {
        write("0\r\n\r\n");
    }

    private void write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) throw new EOFException("The connection was closed");
            if (line.size() == MAX_LINE) throw new IOException("A line is too long");
            line.write(c);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    private List<Field> fields() throws IOException {
        var fields = new ArrayList<Field>();
        for (var line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            if (colon < 1 || fields.size() == MAX_FIELDS) throw new IOException("Not a header");
            fields.add(new Field(line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        return fields;
    }

    private Body body(List<Field> fields) throws IOException {
        long length = 0;
        for (var field : fields) {
            if (field.is("Transfer-Encoding") && field.value().toLowerCase(Locale.ROOT).endsWith("chunked")) {
                return new Body(0, true);
            }
            if (field.is("Content-Length")) length = Long.parseLong(field.value());
        }
        return new Body(length, false);
    }

    /// Of a stated length, or in chunks and with trailers. A read never crosses a chunk; one that breaks off fails.
    final class Body extends InputStream {

        private final boolean chunked;
        private long left;
        private boolean begun;
        private boolean ended;
        private List<Field> trailers = List.of();

        private Body(long length, boolean chunked) {
            this.left = length;
            this.chunked = chunked;
        }

        boolean isRead() {
            return left == 0 && (!chunked || ended);
        }

        /// What followed the body; known when it was read to its end.
        List<Field> trailers() {
            return trailers;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0 && chunked && !ended) nextChunk();
            if (left == 0) return -1;
            int read = in.read(bytes, offset, (int) Math.min(length, left));
            if (read < 0) throw new EOFException("The body broke off");
            left -= read;
            return read;
        }

        private void nextChunk() throws IOException {
            if (begun && !line().isEmpty()) throw new IOException("A chunk is longer than its size");
            begun = true;
            left = Long.parseLong(line().split(";")[0].strip(), 16);
            if (left == 0) {
                ended = true;
                trailers = fields();
            }
        }
    }
}
