package dev.parley.testing;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Lambda's Runtime API over a raw socket, so that the streaming protocol is checked byte by byte: what an HTTP
/// library would forgive is a [#violations] here.
public final class FakeRuntimeApi implements Closeable {

    private static final String INVOCATION = "/2018-06-01/runtime/invocation/";
    private static final int SMALL_BUFFER = 16 * 1024;
    private static final int GLANCE = 20;

    private final ServerSocket server;
    private final BlockingQueue<FakeInvocation> waiting = new LinkedBlockingQueue<>();
    private final Map<String, FakeInvocation> taken = new ConcurrentHashMap<>();
    private final Queue<FakeInvocation> ended = new ConcurrentLinkedQueue<>();
    private final AtomicInteger busy = new AtomicInteger();
    private final int concurrency;
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private final CompletableFuture<String> startFailure = new CompletableFuture<>();

    public FakeRuntimeApi() {
        this(1);
    }

    /// @param concurrency how many invocations the process may have at once
    public FakeRuntimeApi(int concurrency) {
        this.concurrency = concurrency;
        try {
            server = new ServerSocket();
            server.setReceiveBufferSize(SMALL_BUFFER);
            server.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /// As `AWS_LAMBDA_RUNTIME_API` has it.
    public String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /// Gives the event to the next poll.
    public FakeInvocation invoke(String event) {
        return invoke(event, Duration.ofMinutes(15));
    }

    /// @param timeOut the function's
    public FakeInvocation invoke(String event, Duration timeOut) {
        var invocation = new FakeInvocation(
                UUID.randomUUID().toString(), event, Instant.now().plus(timeOut));
        waiting.add(invocation);
        return invocation;
    }

    /// Breaches of the protocol so far.
    public List<String> violations() {
        return List.copyOf(violations);
    }

    /// The report of a process that could not start.
    public CompletableFuture<String> startFailure() {
        return startFailure;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream(), 1024);
            String[] request = line(in).split(" ");
            Map<String, String> headers = headers(in);
            check(request[2].equals("HTTP/1.1") && headers.containsKey("host"), "not a proper request");
            String target = request[0] + " " + request[1];
            if (target.equals("GET " + INVOCATION + "next")) {
                next(socket, in);
            } else if (isForNobody(target)) {
                violations.add("an answer to an invocation that is over: " + target);
            } else if (target.endsWith("/response")) {
                respond(socket, in, invocation(target), headers);
            } else if (target.equals("POST /2018-06-01/runtime/init/error")) {
                startFailure.complete(sized(in, headers));
                accepted(socket);
            } else if (target.endsWith("/error")) {
                FakeInvocation failed = invocation(target);
                check(!failed.head.isDone(), "an error report after the response began");
                String report = sized(in, headers);
                end(failed);
                accepted(socket);
                failed.error.complete(report);
            } else {
                violations.add("unknown request " + target);
            }
        } catch (IOException | InterruptedException | RuntimeException gone) {
            if (!server.isClosed()) {
                violations.add("a connection broke: " + gone);
            }
        }
    }

    private boolean isForNobody(String target) {
        return target.startsWith("POST " + INVOCATION) && invocation(target) == null;
    }

    private void next(Socket socket, InputStream in) throws IOException, InterruptedException {
        // Who asks for more has given up what nobody reads.
        taken.values().stream().filter(FakeInvocation::isStalled).forEach(this::end);
        check(busy.incrementAndGet() <= concurrency, "a poll before the last invocation was over");
        // Whoever asks has ended one: which of several, it does not say.
        FakeInvocation over = ended.poll();
        if (over != null) {
            over.over.complete(null);
        }
        hand(socket, in);
    }

    /// A poll that was ended gets nothing: what it would have taken goes to the next.
    private void hand(Socket socket, InputStream in) throws IOException, InterruptedException {
        FakeInvocation invocation = null;
        while (invocation == null) {
            invocation = waiting.poll(GLANCE, TimeUnit.MILLISECONDS);
            if (invocation == null && isGone(socket, in)) {
                busy.decrementAndGet();
                return;
            }
        }
        taken.put(invocation.id, invocation);
        byte[] event = invocation.event.getBytes(StandardCharsets.UTF_8);
        write(socket, """
                HTTP/1.1 200 OK\r
                Lambda-Runtime-Aws-Request-Id: %s\r
                Lambda-Runtime-Deadline-Ms: %d\r
                Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700\r
                Content-Type: application/json\r
                Content-Length: %d\r
                \r
                """.formatted(invocation.id, invocation.deadline.toEpochMilli(), event.length)
                .getBytes(StandardCharsets.UTF_8));
        write(socket, event);
    }

    private static boolean isGone(Socket socket, InputStream in) throws IOException {
        socket.setSoTimeout(1);
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException waiting) {
            return false;
        } finally {
            socket.setSoTimeout(0);
        }
    }

    private void respond(Socket socket, InputStream in, FakeInvocation invocation, Map<String, String> headers)
            throws IOException, InterruptedException {
        if (headers.containsKey("lambda-runtime-function-response-mode")) {
            try {
                response(socket, in, invocation, headers);
            } catch (IOException gone) {
                if (taken.containsKey(invocation.id)) {
                    throw gone;
                }
            }
        } else {
            String whole = sized(in, headers);
            invocation.head.complete(headers);
            end(invocation);
            accepted(socket);
            invocation.whole.complete(whole);
        }
    }

    private void end(FakeInvocation invocation) {
        if (taken.remove(invocation.id) != null) {
            ended.add(invocation);
            busy.decrementAndGet();
        }
    }

    private void response(Socket socket, InputStream in, FakeInvocation invocation, Map<String, String> headers)
            throws IOException, InterruptedException {
        check("chunked".equals(headers.get("transfer-encoding")), "the response is not chunked");
        check(!headers.containsKey("content-length"), "a chunked response has a length");
        check("close".equals(headers.get("connection")), "the connection is not to be closed");
        invocation.head.complete(headers);
        invocation.reading.acquire();
        for (int size = size(in); size > 0; size = size(in)) {
            invocation.chunks.add(in.readNBytes(size));
            check(line(in).isEmpty(), "a chunk is longer than its size");
            invocation.reading.acquire();
        }
        Map<String, String> trailers = headers(in);
        trailers.keySet().forEach(name -> check(isDeclared(headers, name), "undeclared trailer " + name));
        end(invocation);
        accepted(socket);
        check(in.read() < 0, "the connection was not closed after the response");
        invocation.trailers.complete(trailers);
    }

    private static boolean isDeclared(Map<String, String> headers, String trailer) {
        return headers.getOrDefault("trailer", "").toLowerCase(Locale.ROOT).contains(trailer);
    }

    private FakeInvocation invocation(String target) {
        String id = target.substring(("POST " + INVOCATION).length(), target.lastIndexOf('/'));
        return taken.get(id);
    }

    private static int size(InputStream in) throws IOException {
        return Integer.parseInt(line(in), 16);
    }

    private static String sized(InputStream in, Map<String, String> headers) throws IOException {
        int length = Integer.parseInt(headers.get("content-length"));
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static Map<String, String> headers(InputStream in) throws IOException {
        var headers = new TreeMap<String, String>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(": ");
            headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
        }
        return headers;
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\r'; c = in.read()) {
            if (c < 0) {
                throw new IOException("The runtime closed the connection");
            }
            line.append((char) c);
        }
        if (in.read() != '\n') {
            throw new IOException("A line does not end with CR LF");
        }
        return line.toString();
    }

    private static void accepted(Socket socket) throws IOException {
        write(socket, "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    }

    private static void write(Socket socket, byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    private void check(boolean holds, String violation) {
        if (!holds) {
            violations.add(violation);
        }
    }
}
