package dev.parley.function;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// One HTTP/1.1 request and its answer over a connection of their own.
///
/// The Runtime API asks for request trailers and for a connection that is closed after a streamed response; no client
/// on the class path sends trailers. Blocking reads and writes over small socket buffers are the back-pressure: a slow
/// reader at one end slows the writer at the other.
final class HttpExchange implements Closeable {

    private static final Logger LOG = Logger.getLogger(HttpExchange.class);
    private static final int CONNECT_MILLIS = 5_000;
    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int SOCKET_BUFFER_BYTES = 64 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private boolean hasBody = true;
    private @Nullable Thread limit;
    private volatile boolean late;

    private HttpExchange(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
        this.out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
    }

    static HttpExchange connect(InetSocketAddress server) throws IOException {
        var socket = new Socket();
        try {
            socket.setReceiveBufferSize(SOCKET_BUFFER_BYTES);
            socket.setSendBufferSize(SOCKET_BUFFER_BYTES);
            socket.setTcpNoDelay(true);
            socket.connect(server, CONNECT_MILLIS);
            return new HttpExchange(socket);
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
    }

    /// Closes it once the time is over, whatever it is at: what waits then fails, a write too, which no other limit
    /// ends.
    void closeAfter(Duration time) {
        limit = Thread.ofVirtual().name("exchange-limit").start(() -> {
            try {
                Thread.sleep(time);
                late = true;
                socket.close();
            } catch (InterruptedException closed) {
                LOG.trace("Closed in time");
            } catch (IOException failure) {
                LOG.debug("A connection could not be closed", failure);
            }
        });
    }

    /// Whether it was closed because its time was over.
    boolean isLate() {
        return late;
    }

    /// Sends a request with a body that is there already; its length is in the head's `Content-Length`.
    void send(HttpRequest request, byte[] body) throws IOException {
        hasBody = !request.method().equals("HEAD");
        out.write(request.toBytes());
        out.write(body);
        out.flush();
    }

    /// Sends the head of a chunked request; the body follows through the returned stream.
    ChunkedOutput stream(HttpRequest request) throws IOException {
        out.write(request.toBytes());
        return new ChunkedOutput(out);
    }

    /// Waits for the answer's head, however long it takes.
    HttpAnswer answer() throws IOException {
        int status = status();
        List<Header> headers = headers();
        while (status / 100 == 1) {
            status = status();
            headers = headers();
        }
        var head = new HttpAnswer(status, headers, InputStream.nullInputStream());
        return new HttpAnswer(status, headers, body(head));
    }

    private int status() throws IOException {
        String[] line = HttpLines.read(in).split(" ", 3);
        if (line.length < 2 || !line[0].startsWith("HTTP/1.") || !line[1].matches("[1-5][0-9][0-9]")) {
            throw new IOException("Not an HTTP/1.1 answer");
        }
        return Integer.parseInt(line[1]);
    }

    private List<Header> headers() throws IOException {
        var headers = new ArrayList<Header>();
        for (String line = HttpLines.read(in); !line.isEmpty(); line = HttpLines.read(in)) {
            int colon = line.indexOf(':');
            if (colon < 1 || headers.size() == HttpLines.MAX_HEADERS) {
                throw new IOException("Malformed or too many headers");
            }
            headers.add(header(line, colon));
        }
        return headers;
    }

    private static Header header(String line, int colon) throws IOException {
        try {
            return new Header(
                    line.substring(0, colon), line.substring(colon + 1).strip());
        } catch (IllegalArgumentException malformed) {
            throw new IOException("Malformed header", malformed);
        }
    }

    private InputStream body(HttpAnswer head) throws IOException {
        if (!hasBody || head.status() == 204 || head.status() == 304) {
            return InputStream.nullInputStream();
        }
        if (head.header("Transfer-Encoding").filter("chunked"::equalsIgnoreCase).isPresent()) {
            return new ChunkedInput(in);
        }
        String length = head.header("Content-Length").orElse("");
        if (length.isEmpty()) {
            return in; // the end of the connection is the end of the body
        }
        if (!length.matches("[0-9]{1,18}")) {
            throw new IOException("Malformed Content-Length");
        }
        return new SizedInput(in, Long.parseLong(length));
    }

    @Override
    public void close() throws IOException {
        if (limit != null) {
            limit.interrupt();
        }
        socket.close();
    }

    /// A body of a stated length; ending early is a failure.
    private static final class SizedInput extends InputStream {

        private final InputStream in;
        private long left;

        SizedInput(InputStream in, long length) {
            this.in = in;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = in.read(buffer, offset, (int) Math.min(length, left));
            if (read < 0) {
                throw new EOFException("The answer ended before its Content-Length");
            }
            left -= read;
            return read;
        }
    }
}
