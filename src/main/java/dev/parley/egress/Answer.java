package dev.parley.egress;

import dev.parley.egress.EgressError.Part;
import io.vertx.core.http.HttpClientResponse;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/// What came for one hop: the head, and a body still to be read.
record Answer(EgressUrl url, int status, EgressHeaders headers, InboundBody inbound, Connection connection)
        implements AutoCloseable {

    private static final int TOLD = 100; // characters
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    static Answer of(HttpClientResponse response, EgressUrl url, InboundBody inbound, Connection connection) {
        return new Answer(url, response.statusCode(), EgressHeaders.of(response.headers()), inbound, connection);
    }

    /// Whether the head rules a body out.
    boolean isEmpty(EgressMethod method) {
        OptionalLong length = length();
        return method == EgressMethod.HEAD
                || status == NO_CONTENT
                || status == NOT_MODIFIED
                || length.isPresent() && length.getAsLong() == 0;
    }

    boolean isSuccessful() {
        return status / 100 == 2;
    }

    /// The body, bounded on both sides of its decompression.
    ///
    /// @throws EgressFailure if its head says that it is too large, or that it is encoded in another way
    InputStream body(long maxBytes) {
        if (length().orElse(0) > maxBytes) {
            throw new EgressFailure(new EgressError.TooLarge(Part.BODY, maxBytes));
        }
        var bounded = new BoundedBody(inbound, maxBytes);
        String encoding = String.join(", ", headers.fields().getOrDefault("Content-Encoding", List.of()));
        return switch (encoding.strip().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> bounded;
            case "gzip", "x-gzip" ->
                new BoundedBody(new GunzippedBody(bounded, url.host().text()), maxBytes);
            default ->
                throw new EgressFailure(
                        new EgressError.UnknownEncoding(encoding.substring(0, Math.min(TOLD, encoding.length()))));
        };
    }

    private OptionalLong length() {
        try {
            return headers.first("Content-Length").stream()
                    .mapToLong(text -> Long.parseLong(text.strip()))
                    .findFirst();
        } catch (NumberFormatException nonsense) {
            return OptionalLong.empty();
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
