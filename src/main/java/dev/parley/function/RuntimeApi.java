package dev.parley.function;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Lambda's Runtime API: where invocations come from and answers go.
///
/// Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html and, for streaming,
/// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming
final class RuntimeApi implements Closeable {

    static final String ERROR_TYPE = "Lambda-Runtime-Function-Error-Type";
    static final String ERROR_BODY = "Lambda-Runtime-Function-Error-Body";
    private static final Logger LOG = Logger.getLogger(RuntimeApi.class);
    private static final String BASE = "/2018-06-01/runtime";

    /// It is on this machine and takes what it is given, whoever reads that later.
    private static final Duration POST_LIMIT = Duration.ofSeconds(30);

    private final InetSocketAddress address;
    private volatile @Nullable HttpExchange poll;
    private volatile boolean closed;

    /// @param endpoint `host:port`, as in `AWS_LAMBDA_RUNTIME_API`
    RuntimeApi(String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        this.address = colon < 0
                ? new InetSocketAddress(endpoint, 80)
                : new InetSocketAddress(endpoint.substring(0, colon), Integer.parseInt(endpoint.substring(colon + 1)));
    }

    /// Waits for the next invocation, for as long as Lambda has none.
    Invocation next() throws IOException {
        try (var exchange = HttpExchange.connect(address)) {
            poll = exchange;
            if (closed) {
                throw new IOException("No longer polling");
            }
            exchange.send(new HttpRequest("GET", BASE + "/invocation/next", common()), new byte[0]);
            HttpAnswer answer = exchange.answer();
            if (!answer.isSuccess()) {
                throw new IOException("The Runtime API answered a poll with " + answer.status());
            }
            String id = answer.header("Lambda-Runtime-Aws-Request-Id")
                    .orElseThrow(() -> new IOException("An invocation without an id"));
            Instant end = answer.header("Lambda-Runtime-Deadline-Ms")
                    .filter(millis -> millis.matches("[0-9]{1,15}"))
                    .map(millis -> Instant.ofEpochMilli(Long.parseLong(millis)))
                    .orElseThrow(() -> new IOException("An invocation without a deadline"));
            return new Invocation(
                    id,
                    answer.header("Lambda-Runtime-Trace-Id"),
                    end,
                    answer.body().readAllBytes());
        } finally {
            poll = null;
        }
    }

    /// Begins the streamed response of an invocation.
    ///
    /// @param atMost how long all of it may take, a reader that stops included
    StreamedResponse stream(Invocation invocation, byte[] prelude, Duration atMost) throws IOException {
        var headers = common();
        headers.add(new Header("Content-Type", "application/vnd.awslambda.http-integration-response"));
        headers.add(new Header("Lambda-Runtime-Function-Response-Mode", "streaming"));
        headers.add(new Header("Transfer-Encoding", "chunked"));
        headers.add(new Header("Trailer", ERROR_TYPE + ", " + ERROR_BODY));
        var request = new HttpRequest("POST", invocationPath(invocation, "response"), headers);
        HttpExchange exchange = HttpExchange.connect(address);
        exchange.closeAfter(atMost);
        return StreamedResponse.begin(exchange, request, prelude);
    }

    /// Responds to an invocation in one piece.
    void respond(Invocation invocation, byte[] json) throws IOException {
        post(invocationPath(invocation, "response"), List.of(new Header("Content-Type", "application/json")), json);
    }

    private static String invocationPath(Invocation invocation, String what) {
        return BASE + "/invocation/" + invocation.id() + "/" + what;
    }

    /// Reports an invocation that has no response yet.
    void fail(Invocation invocation, FunctionFailure failure) throws IOException {
        report(invocationPath(invocation, "error"), failure);
    }

    /// Reports a process that cannot take invocations at all.
    void failStart(FunctionFailure failure) throws IOException {
        report(BASE + "/init/error", failure);
    }

    private void report(String target, FunctionFailure failure) throws IOException {
        var headers = List.of(
                new Header("Content-Type", "application/vnd.aws.lambda.error+json"),
                new Header(ERROR_TYPE, failure.type()));
        post(target, headers, failure.toJson());
    }

    private void post(String target, List<Header> more, byte[] body) throws IOException {
        var headers = common();
        headers.addAll(more);
        headers.add(new Header("Content-Length", String.valueOf(body.length)));
        try (var exchange = HttpExchange.connect(address)) {
            exchange.closeAfter(POST_LIMIT);
            exchange.send(new HttpRequest("POST", target, headers), body);
            HttpAnswer answer = exchange.answer();
            if (!answer.isSuccess()) {
                LOG.warnf("The Runtime API answered %s with %d", target, answer.status());
            }
        }
    }

    private List<Header> common() {
        var headers = new ArrayList<Header>();
        headers.add(new Header("Host", address.getHostString() + ":" + address.getPort()));
        headers.add(new Header("User-Agent", "parley"));
        headers.add(new Header("Connection", "close"));
        return headers;
    }

    /// Ends a poll that waits; what was taken already can still be answered.
    @Override
    public void close() {
        closed = true;
        HttpExchange waiting = poll;
        if (waiting != null) {
            try {
                waiting.close();
            } catch (IOException alreadyGone) {
                LOG.debug("The poll was gone already", alreadyGone);
            }
        }
    }
}
