package dev.parley.function;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetSocketAddress;

/// Hands an invocation to the application's own HTTP stack and streams the answer back.
///
/// One buffer is all that is held of an answer: a slow client makes the application wait.
final class HttpBridge {

    private static final int BUFFER_BYTES = 16 * 1024;

    private final InetSocketAddress app;
    private final RuntimeApi api;
    private final ObjectMapper json;

    HttpBridge(InetSocketAddress app, RuntimeApi api, ObjectMapper json) {
        this.app = app;
        this.api = api;
        this.json = json;
    }

    /// @throws IOException when the Runtime API could not be told the outcome
    void serve(Invocation invocation) throws IOException {
        try (var exchange = ask(invocation)) {
            var prelude = json.writeValueAsBytes(Prelude.of(exchange.answer));
            try (var response = api.respond(invocation.id(), prelude)) {
                copy(exchange.answer, response);
            }
        } catch (Unserved unserved) {
            api.fail(invocation.id(), unserved.failure);
        }
    }

    private AppExchange ask(Invocation invocation) throws Unserved {
        ApiGatewayEvent event;
        HttpRequest request;
        try {
            event = json.readValue(invocation.event(), ApiGatewayEvent.class);
            request = event.request(invocation);
        } catch (IOException | RuntimeException unreadable) {
            throw new Unserved(FunctionFailure.unreadableEvent(), unreadable);
        }
        try {
            return AppExchange.open(app, request, event.content());
        } catch (IOException failure) {
            throw new Unserved(FunctionFailure.noAnswer(failure), failure);
        }
    }

    private static void copy(HttpAnswer answer, StreamedResponse response) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        while (true) {
            int length;
            try {
                length = answer.body().read(buffer);
            } catch (IOException brokenOff) {
                response.fail(FunctionFailure.brokenOff(brokenOff));
                return;
            }
            if (length < 0) {
                response.end();
                return;
            }
            response.write(buffer, length);
        }
    }

    /// The application's side of an invocation, once its answer has begun.
    private record AppExchange(HttpExchange exchange, HttpAnswer answer) implements AutoCloseable {

        static AppExchange open(InetSocketAddress app, HttpRequest request, byte[] content) throws IOException {
            HttpExchange exchange = HttpExchange.connect(app);
            try {
                exchange.send(request, content);
                return new AppExchange(exchange, exchange.answer());
            } catch (IOException failure) {
                exchange.close();
                throw failure;
            }
        }

        @Override
        public void close() throws IOException {
            exchange.close();
        }
    }

    /// There is nothing to respond with, so the failure goes to Lambda as an error.
    private static final class Unserved extends Exception {

        private final transient FunctionFailure failure;

        Unserved(FunctionFailure failure, Exception cause) {
            super(failure.type(), cause);
            this.failure = failure;
        }
    }
}
