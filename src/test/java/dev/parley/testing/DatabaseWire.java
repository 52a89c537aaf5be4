package dev.parley.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// The wire between the application and its database: it can be cut, and tells what went over it.
///
/// A round trip is what the client sends before it waits for an answer. Tests steer it by HTTP, because it may live in
/// another class loader.
///
/// Protocol: https://www.postgresql.org/docs/current/protocol-message-formats.html
public final class DatabaseWire implements AutoCloseable {

    private static final int STARTUP = 196608;
    private static final int HEADER = 5;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final InetSocketAddress database;
    private final ServerSocket front;
    private final HttpServer control;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<String> trips = new CopyOnWriteArrayList<>();
    private volatile boolean cut;

    public DatabaseWire(String host, int port) throws IOException {
        database = new InetSocketAddress(host, port);
        front = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        control = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        control.createContext("/", this::control);
        control.start();
        Thread.ofVirtual().name("database-wire").start(this::accept);
    }

    public int port() {
        return front.getLocalPort();
    }

    public String controlUrl() {
        return "http://localhost:" + control.getAddress().getPort();
    }

    /// Connections break, and new ones break as they are opened.
    public static void cut(String controlUrl) {
        ask(controlUrl, "/cut");
    }

    public static void restore(String controlUrl) {
        ask(controlUrl, "/restore");
    }

    /// The SQL of each round trip since the last call, in order; several statements of one joined by `; `.
    public static List<String> trips(String controlUrl) {
        return ask(controlUrl, "/trips").lines().toList();
    }

    private static String ask(String controlUrl, String path) {
        try {
            return HTTP.send(
                            HttpRequest.newBuilder(URI.create(controlUrl + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    private void control(HttpExchange exchange) throws IOException {
        try (exchange) {
            String answer = "";
            switch (exchange.getRequestURI().getPath()) {
                case "/cut" -> {
                    cut = true;
                    sockets.forEach(DatabaseWire::close);
                }
                case "/restore" -> cut = false;
                default -> {
                    answer = String.join("\n", trips);
                    trips.clear();
                }
            }
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private void accept() {
        while (!front.isClosed()) {
            try {
                Socket client = front.accept();
                if (cut) {
                    close(client);
                } else {
                    connect(client);
                }
            } catch (IOException closedOrRefused) {
                // The application sees a connection that ends at once.
            }
        }
    }

    private void connect(Socket client) throws IOException {
        Socket server = new Socket(database.getHostString(), database.getPort());
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        sockets.add(client);
        sockets.add(server);
        Thread.ofVirtual().start(() -> pump(client, server, () -> new Listener().forward(client, server)));
        Thread.ofVirtual()
                .start(() -> pump(client, server, () -> server.getInputStream().transferTo(client.getOutputStream())));
    }

    private interface Pump {
        void run() throws IOException;
    }

    private void pump(Socket client, Socket server, Pump pump) {
        try {
            pump.run();
        } catch (IOException over) {
            // Either side has gone, or the wire was cut.
        } finally {
            close(client);
            close(server);
            sockets.remove(client);
            sockets.remove(server);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // It was to go.
        }
    }

    /// Reads what a client of the database sends while it passes it on.
    private final class Listener {

        private final Map<String, String> prepared = new HashMap<>();
        private final List<String> trip = new ArrayList<>();

        void forward(Socket client, Socket server) throws IOException {
            var in = new DataInputStream(client.getInputStream());
            var out = new DataOutputStream(server.getOutputStream());
            startUp(in, out);
            byte[] header = new byte[HEADER];
            while (true) {
                try {
                    in.readFully(header);
                } catch (EOFException end) {
                    return;
                }
                byte[] body = new byte[ByteBuffer.wrap(header, 1, 4).getInt() - 4];
                in.readFully(body);
                heard((char) header[0], body, in.available() == 0);
                out.write(header);
                out.write(body);
                out.flush();
            }
        }

        /// A client may ask for encryption first, which is a message of its own.
        private void startUp(InputStream in, OutputStream out) throws IOException {
            int code;
            do {
                var data = new DataInputStream(in);
                int length = data.readInt();
                byte[] body = new byte[length - 4];
                data.readFully(body);
                code = ByteBuffer.wrap(body).getInt();
                out.write(ByteBuffer.allocate(length).putInt(length).put(body).array());
                out.flush();
            } while (code != STARTUP && code >>> 16 == 1234);
        }

        /// @param waits whether the client sent nothing more
        private void heard(char type, byte[] body, boolean waits) {
            switch (type) {
                case 'P' ->
                    prepared.put(string(body, 0), string(body, string(body, 0).length() + 1));
                case 'B' ->
                    trip.add(prepared.getOrDefault(string(body, string(body, 0).length() + 1), "?"));
                case 'Q' -> trip.add(string(body, 0));
                default -> {}
            }
            // The driver sends what follows a BEGIN without waiting for its answer.
            if (waits && !trip.equals(List.of("BEGIN")) && (type == 'S' || type == 'Q') && !trip.isEmpty()) {
                trips.add(String.join("; ", trip).replaceAll("\\s+", " ").strip());
                trip.clear();
            }
        }

        private static String string(byte[] body, int from) {
            int end = from;
            while (body[end] != 0) {
                end++;
            }
            return new String(body, from, end - from, StandardCharsets.ISO_8859_1);
        }
    }

    @Override
    public void close() throws IOException {
        control.stop(0);
        front.close();
        sockets.forEach(DatabaseWire::close);
    }
}
