import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/// API Gateway before one function: every request becomes an event, and the answer goes back as it comes.
final class Gateway implements Closeable {

    /// Of a request's body: API Gateway takes no more.
    private static final int MAX_BODY = 10 * 1024 * 1024;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final ServerSocket server;
    private final LambdaFunction function;

    Gateway(int port, LambdaFunction function) throws IOException {
        this.server = new ServerSocket(port, 100, InetAddress.getLoopbackAddress());
        this.function = function;
    }

    int port() {
        return server.getLocalPort();
    }

    /// Until it is closed.
    void serve() {
        try {
            while (true) {
                var socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // As it was to be.
        }
    }

    private void serve(Socket socket) {
        try (var client = new Wire(socket)) {
            for (var request = client.read(); request.isPresent(); request = client.read()) {
                if (!answer(client, request.get()) || request.get().isLast()) return;
            }
        } catch (IOException gone) {
            // The client's affair.
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean answer(Wire client, Wire.Request request) throws IOException, InterruptedException {
        long began = System.nanoTime();
        client.proceed(request);
        var body = request.body().readNBytes(MAX_BODY + 1);
        if (body.length > MAX_BODY) return refuse(client, request);
        var requestId = UUID.randomUUID().toString();
        var traceId = Invocation.newTraceId();
        var answer = new GatewayAnswer(client, request.method().equals("HEAD"), List.of(
                new Wire.Field("x-amzn-RequestId", requestId), new Wire.Field("X-Amzn-Trace-Id", traceId)));
        var event = new GatewayEvent(request, client.peer(), requestId, traceId);
        var invocation = new Invocation(event.toJson(body), traceId, answer);
        var outcome = function.invoke(invocation);
        boolean again = answer.finish(outcome);
        report(request, answer, invocation, outcome, began);
        return again;
    }

    private static boolean refuse(Wire client, Wire.Request request) throws IOException {
        client.answer(413, List.of(new Wire.Field("Content-Type", "application/json"), new Wire.Field("Connection", "close")),
                "{\"message\": \"Request Too Long\"}".getBytes(StandardCharsets.UTF_8));
        // So that the client gets to read the answer, and not only that its writing failed.
        request.body().transferTo(OutputStream.nullOutputStream());
        System.out.printf("%s  %s %s  413, more than 10 MB%n", LocalTime.now().format(TIME), request.method(),
                GatewayEvent.path(request));
        return false;
    }

    private static void report(Wire.Request request, GatewayAnswer answer, Invocation invocation, Outcome outcome, long began) {
        long now = System.nanoTime();
        var start = invocation.init()
                .map(init -> "cold, init %,d ms".formatted(init.toMillis()))
                .orElse(invocation.environment().equals("-") ? "not started" : "warm");
        var first = answer.firstByte() == 0 ? "" : ", first byte %,d ms".formatted((answer.firstByte() - began) / 1_000_000);
        System.out.printf(Locale.ROOT, "%s  %s %s  %d  environment %s, %s%s, %,d ms%s%n", LocalTime.now().format(TIME),
                request.method(), GatewayEvent.path(request), answer.status(), invocation.environment(), start, first,
                (now - began) / 1_000_000, trouble(outcome));
    }

    private static String trouble(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Answered() -> "";
            case Outcome.Failed(String report) -> ": " + report;
            case Outcome.Died(String reason) -> ": " + reason;
            case Outcome.TimedOut() -> ": timed out";
            case Outcome.Throttled() -> ": every environment is at work";
        };
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
