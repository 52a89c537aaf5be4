package dev.parley.testing;

import static dev.parley.testing.ScriptedProvider.JSON;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// One answer on a vendor's wire.
abstract class Wire {

    /// More than any answer has, so that closing early breaks the connection instead of ending the body.
    private static final long ENDLESS = 1_000_000_000;

    private static final long STALL_SECONDS = 20;

    final JsonNode request;
    final Reply reply;

    Wire(JsonNode request, Reply reply) {
        this.request = request;
        this.reply = reply;
    }

    void answer(HttpExchange exchange) throws IOException {
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        if (reply.error() != null) {
            ScriptedServer.send(exchange, reply.status(), error());
        } else {
            answerSteps(exchange);
        }
    }

    abstract void answerSteps(HttpExchange exchange) throws IOException;

    /// The body of an error answer, as OpenAI writes it.
    String error() {
        var body = JSON.createObjectNode();
        body.putObject("error")
                .put("message", reply.error())
                .put("type", "scripted_error")
                .put("code", reply.errorCode())
                .putNull("param");
        return body.toString();
    }

    static void cut(HttpExchange exchange, boolean started, String before) throws IOException {
        if (!started) {
            exchange.sendResponseHeaders(200, ENDLESS);
        }
        exchange.getResponseBody().write(before.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        exchange.close();
    }

    /// Starts a body whose end is told by the length the client never sees reached.
    static void startCuttable(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, ENDLESS);
    }

    static void pause(long millis) throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(stopped);
        }
    }

    static void stall() throws IOException {
        pause(TimeUnit.SECONDS.toMillis(STALL_SECONDS));
    }
}
