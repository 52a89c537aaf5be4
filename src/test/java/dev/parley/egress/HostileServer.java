package dev.parley.egress;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A server on a raw socket, which answers whatever bytes a test says, HTTP or not.
final class HostileServer implements AutoCloseable {

    interface Script {
        void answer(Request request, OutputStream out) throws Exception;
    }

    /// @param path with its query
    record Request(String method, String path, Map<String, String> headers, String body, InputStream rest) {

        /// Says nothing, until the client is gone.
        void stall() throws IOException {
            while (rest.read() >= 0) {
                // It has nothing more to say.
            }
        }
    }

    private final ServerSocket listener;
    private final Thread accepting;
    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    HostileServer(String address) {
        this(address, 0);
    }

    HostileServer(String address, int port) {
        this(listener(address, port));
    }

    HostileServer(ServerSocket listener) {
        this.listener = listener;
        this.accepting = Thread.ofVirtual().start(this::accept);
    }

    private static ServerSocket listener(String address, int port) {
        try {
            var socket = new ServerSocket();
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port));
            return socket;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    List<Request> requests() {
        return requests;
    }

    /// Whether every client is gone.
    boolean isIdle() {
        return open.isEmpty();
    }

    /// @param path without the query
    HostileServer on(String path, Script script) {
        scripts.put(path, script);
        return this;
    }

    /// Answers with the bytes and closes.
    HostileServer on(String path, String bytes) {
        return on(path, (_, out) -> write(out, bytes));
    }

    static void write(OutputStream out, String bytes) throws IOException {
        out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    static String ok(String type, String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(type, body.length(), body);
    }

    static String redirect(int status, String location) {
        return "HTTP/1.1 %d Elsewhere\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n".formatted(status, location);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            Request request = read(new BufferedInputStream(socket.getInputStream()));
            requests.add(request);
            Script script = scripts.getOrDefault(
                    request.path().replaceFirst("\\?.*", ""),
                    (_, out) -> write(out, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));
            script.answer(request, socket.getOutputStream());
        } catch (Exception clientGone) {
            // Many tests end with that.
        } finally {
            open.remove(socket);
        }
    }

    private static Request read(InputStream in) throws IOException {
        String[] start = line(in).split(" ");
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            headers.put(
                    line.substring(0, line.indexOf(':')),
                    line.substring(line.indexOf(':') + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
        return new Request(start[0], start[1], headers, new String(in.readNBytes(length), StandardCharsets.UTF_8), in);
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("closed");
            }
            line.append((char) b);
        }
        return line.toString().strip();
    }

    /// Nobody listens any more once this returns: a thread that waits for connections keeps the port open until it
    /// ends.
    @Override
    public void close() throws IOException {
        listener.close();
        try {
            accepting.join();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        for (Socket socket : open) {
            socket.close();
        }
    }
}
