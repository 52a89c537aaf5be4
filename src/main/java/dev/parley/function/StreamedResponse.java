package dev.parley.function;

import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jboss.logging.Logger;

/// The response of one invocation on its way to Lambda: begun, then written piece by piece, then ended or failed.
final class StreamedResponse implements Closeable {

    private static final Logger LOG = Logger.getLogger(StreamedResponse.class);
    private static final int DELIMITER_NULS = 8;

    private final HttpExchange exchange;
    private final ChunkedOutput body;

    private StreamedResponse(HttpExchange exchange, ChunkedOutput body) {
        this.exchange = exchange;
        this.body = body;
    }

    /// @param prelude the JSON prelude; the delimiter is added
    static StreamedResponse begin(HttpExchange exchange, HttpRequest request, byte[] prelude) throws IOException {
        try {
            var response = new StreamedResponse(exchange, exchange.stream(request));
            byte[] delimited = Arrays.copyOf(prelude, prelude.length + DELIMITER_NULS);
            response.write(delimited, delimited.length);
            return response;
        } catch (IOException failure) {
            exchange.close();
            throw failure;
        }
    }

    /// Waits when Lambda reads slower than the application writes.
    void write(byte[] buffer, int length) throws IOException {
        body.write(buffer, length);
    }

    void end() throws IOException {
        finish(List.of());
    }

    /// The status is out already, so the failure travels behind the body.
    void fail(FunctionFailure failure) throws IOException {
        finish(List.of(
                new Header(RuntimeApi.ERROR_TYPE, failure.type()),
                new Header(RuntimeApi.ERROR_BODY, failure.toBase64())));
    }

    private void finish(List<Header> trailers) throws IOException {
        body.end(trailers);
        HttpAnswer answer = exchange.answer();
        if (!answer.isSuccess()) {
            LOG.warnf("The Runtime API answered a response with %d", answer.status());
        }
    }

    @Override
    public void close() throws IOException {
        exchange.close();
    }
}
