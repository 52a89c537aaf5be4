import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/// Lambda's Runtime API for one environment: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
final class RuntimeApi implements Closeable {

    private static final String BASE = "/2018-06-01/runtime/";
    private static final String ERROR_TYPE = "Lambda-Runtime-Function-Error-Type";

    /// Of an answer that is not streamed; one byte more is refused.
    private static final int MAX_ANSWER = 6 * 1024 * 1024;

    private final LambdaEnvironment environment;
    private final ServerSocket server;
    private final Set<Wire> wires = ConcurrentHashMap.newKeySet();

    RuntimeApi(LambdaEnvironment environment) throws IOException {
        this.environment = environment;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /// The environment ended: what it has sent is still read.
    void stop() {
        close(server);
    }

    /// The environment is ended: nothing that it left open is waited for.
    @Override
    public void close() {
        stop();
        wires.forEach(RuntimeApi::close);
    }

    private static void close(Closeable open) {
        try {
            open.close();
        } catch (IOException alreadyGone) {
            // It was to go.
        }
    }

    private void accept() {
        try {
            while (true) {
                var socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The environment is gone.
        }
    }

    private void serve(Socket socket) {
        try (var wire = new Wire(socket)) {
            wires.add(wire);
            serve(wire);
        } catch (IOException gone) {
            // What it means for an invocation is told where one was under way.
        }
    }

    private void serve(Wire wire) throws IOException {
        try {
            for (var request = wire.read(); request.isPresent(); request = wire.read()) {
                handle(wire, request.get());
                if (request.get().isLast()) return;
            }
        } finally {
            wires.remove(wire);
        }
    }

    private void handle(Wire wire, Wire.Request request) throws IOException {
        var target = request.method() + " " + request.target();
        var invocation = "POST " + BASE + "invocation/";
        if (target.equals("GET " + BASE + "invocation/next")) {
            next(wire);
        } else if (target.equals("POST " + BASE + "init/error")) {
            environment.startFailed(text(request));
            accepted(wire);
        } else if (target.startsWith(invocation) && target.endsWith("/response")) {
            of(wire, target, found -> response(wire, request, found));
        } else if (target.startsWith(invocation) && target.endsWith("/error")) {
            of(wire, target, found -> {
                var report = text(request);
                environment.over(found, new Outcome.Failed(report));
                accepted(wire);
            });
        } else {
            wire.answer(404, List.of(), new byte[0]);
        }
    }

    private interface Step {
        void take(Invocation invocation) throws IOException;
    }

    private void of(Wire wire, String target, Step step) throws IOException {
        var parts = target.split("/");
        var invocation = environment.taken(parts[parts.length - 2]);
        if (invocation == null) {
            refuse(wire, 400, "InvalidRequestID", "Invalid request ID");
        } else {
            step.take(invocation);
        }
    }

    private void next(Wire wire) throws IOException {
        Invocation invocation;
        try {
            invocation = environment.polled().work().get();
        } catch (InterruptedException | ExecutionException | CancellationException closed) {
            return;
        }
        var arn = "arn:aws:lambda:us-east-1:000000000000:function:" + environment.settings().functionName();
        wire.answer(200, List.of(
                new Wire.Field("Content-Type", "application/json"),
                new Wire.Field("Lambda-Runtime-Aws-Request-Id", invocation.id()),
                new Wire.Field("Lambda-Runtime-Deadline-Ms", String.valueOf(invocation.deadline().toEpochMilli())),
                new Wire.Field("Lambda-Runtime-Invoked-Function-Arn", arn),
                new Wire.Field("Lambda-Runtime-Trace-Id", invocation.traceId())),
                invocation.event());
    }

    private void response(Wire wire, Wire.Request request, Invocation invocation) throws IOException {
        invocation.answering();
        var streamed = request.first("Lambda-Runtime-Function-Response-Mode").filter("streaming"::equalsIgnoreCase);
        if (streamed.isPresent()) {
            stream(wire, request, invocation);
            return;
        }
        var body = request.body().readNBytes(MAX_ANSWER + 1);
        if (body.length > MAX_ANSWER) {
            environment.over(invocation, new Outcome.Failed("the answer is larger than 6 MB"));
            refuse(wire, 413, "RequestEntityTooLarge", "Exceeded maximum allowed payload size (6291556 bytes).");
            return;
        }
        Outcome outcome = new Outcome.Answered();
        try {
            invocation.receiver().buffered(body);
        } catch (IOException malformed) {
            outcome = new Outcome.Failed(malformed.getMessage());
        }
        environment.over(invocation, outcome);
        accepted(wire);
    }

    private void stream(Wire wire, Wire.Request request, Invocation invocation) throws IOException {
        try {
            invocation.receiver().streamed(request.body());
        } catch (IOException brokenOff) {
            environment.over(invocation, new Outcome.Failed(brokenOff.getMessage()));
            throw brokenOff;
        }
        var failure = request.body().trailers().stream()
                .filter(trailer -> trailer.is(ERROR_TYPE)).map(Wire.Field::value).findFirst();
        // In this order: the function polls again once its answer is accepted, and is then no longer settling.
        environment.over(invocation, failure.<Outcome>map(Outcome.Failed::new).orElseGet(Outcome.Answered::new));
        accepted(wire);
    }

    private static String text(Wire.Request request) throws IOException {
        return new String(request.body().readNBytes(MAX_ANSWER), StandardCharsets.UTF_8);
    }

    private static void accepted(Wire wire) throws IOException {
        wire.answer(202, List.of(new Wire.Field("Content-Type", "application/json")),
                "{\"status\":\"OK\"}\n".getBytes(StandardCharsets.UTF_8));
    }

    private static void refuse(Wire wire, int status, String type, String message) throws IOException {
        var body = "{\"errorMessage\":\"%s\",\"errorType\":\"%s\"}".formatted(message, type);
        wire.answer(status, List.of(new Wire.Field("Content-Type", "application/json")),
                body.getBytes(StandardCharsets.UTF_8));
    }
}
