import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;

/// A model provider on this machine that speaks OpenAI's chat completions and answers at once, for as little work as
/// can be: it shares the machine with what is measured. It parses nothing, and answers a question with the mark in it.
final class InstantProvider {

    /// Between the tokens of a stream.
    private static final int TOKEN_MS = 5;

    private static final int TOKENS = 8;

    private final Vertx vertx;
    private final HttpServer server;

    private InstantProvider(Vertx vertx) throws Exception {
        this.vertx = vertx;
        this.server = vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0).setTcpNoDelay(true))
                .requestHandler(request -> request.body().onSuccess(body -> answer(request, body.toString())))
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get();
    }

    static InstantProvider start(Vertx vertx) throws Exception {
        return new InstantProvider(vertx);
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort() + "/v1";
    }

    private void answer(HttpServerRequest request, String body) {
        var said = "Answer to " + lastMark(body);
        int messages = occurrences(body, "\"role\"");
        if (body.contains("\"stream\":true") || body.contains("\"stream\" : true")) {
            stream(request.response(), said, messages);
        } else {
            whole(request.response(), said, messages);
        }
    }

    /// The last message is the question.
    private static String lastMark(String body) {
        int from = body.lastIndexOf(Question.MARK_START);
        return body.substring(from, body.indexOf(Question.MARK_END, from) + Question.MARK_END.length());
    }

    private static int occurrences(String text, String word) {
        int count = 0;
        for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length())) count++;
        return count;
    }

    /// How many messages it was sent is what it reports as prompt tokens, so that the ledger tells that memory worked.
    private static void whole(HttpServerResponse response, String said, int messages) {
        response.putHeader("Content-Type", "application/json").end("""
                {"id":"bench","object":"chat.completion","created":1,"model":"bench","choices":[{"index":0,\
                "message":{"role":"assistant","content":"%s"},"finish_reason":"stop"}],\
                "usage":{"prompt_tokens":%d,"completion_tokens":5,"total_tokens":%d}}""".formatted(said, messages, messages + 5));
    }

    private void stream(HttpServerResponse response, String said, int messages) {
        response.setChunked(true).putHeader("Content-Type", "text/event-stream");
        response.write(chunk("{\"role\":\"assistant\",\"content\":\"%s\"}".formatted(said), "null", "null"));
        var left = new int[] {TOKENS};
        vertx.setPeriodic(TOKEN_MS, timer -> {
            if (--left[0] > 0) {
                response.write(chunk("{\"content\":\" and\"}", "null", "null"));
                return;
            }
            vertx.cancelTimer(timer);
            var usage = "{\"prompt_tokens\":%d,\"completion_tokens\":5,\"total_tokens\":%d}".formatted(messages, messages + 5);
            response.end(chunk("{}", "\"stop\"", usage).appendString("data: [DONE]\n\n"));
        });
    }

    private static Buffer chunk(String delta, String finish, String usage) {
        return Buffer.buffer("""
                data: {"id":"bench","object":"chat.completion.chunk","created":1,"model":"bench","usage":%s,\
                "choices":[{"index":0,"delta":%s,"finish_reason":%s}]}

                """.formatted(usage, delta, finish).getBytes(StandardCharsets.UTF_8));
    }
}
