package dev.parley.egress;

import dev.parley.egress.EgressError.Phase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// HTTP/1.1 to a given address under a given name, blocking.
///
/// Vert.x's client, because it connects to the address it is told (`setServer`) and still names the host in TLS, in
/// the check of the certificate and in `Host`; the JDK's client resolves names itself, again. Every request has a
/// connection of its own: nothing that a hostile server leaves on one is ever read as another's answer, and each is
/// judged when it is made.
@ApplicationScoped
class Wire {

    /// Not what bounds requests to a host: [HostGates] is, which waits no longer than a request may.
    private static final int POOL = 1024;

    private final Vertx vertx;
    private final HttpClient client;
    private final int maxHeaderBytes;

    Wire(Vertx vertx, EgressConfig config) {
        this.vertx = vertx;
        this.maxHeaderBytes = (int) config.maxHeaderBytes().asLongValue();
        this.client = vertx.createHttpClient(options(config, maxHeaderBytes));
    }

    private static HttpClientOptions options(EgressConfig config, int maxHeaderBytes) {
        var options = new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setKeepAlive(false)
                .setMaxPoolSize(POOL)
                .setMaxHeaderSize(maxHeaderBytes)
                .setMaxInitialLineLength(maxHeaderBytes)
                .setDecompressionSupported(false) // it would not be bounded
                .setTracingPolicy(TracingPolicy.IGNORE) // our trace ids are nobody else's business
                .setConnectTimeout((int) config.connect().toMillis());
        options.setSslHandshakeTimeout(config.connect().toMillis()).setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        config.caFile().ifPresent(file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
        return options;
    }

    /// A request, its bounds, and its place at the host.
    record Sending(Hop hop, EgressLimits limits, Deadline deadline, HostGates.Pass pass) {

        String host() {
            return hop.url().host().text();
        }

        long nanos(Duration limit) {
            return deadline.nanos(limit);
        }
    }

    /// Connects. Whoever gets the exchange closes it.
    ///
    /// @throws EgressFailure if the address does not answer in time, or not as the host
    Exchange connect(Sending sending, InetAddress address) {
        Future<HttpClientRequest> request =
                client.request(options(sending.hop(), address)).onSuccess(Wire::quieten);
        try {
            HttpClientRequest ready = await(request, sending, Phase.CONNECTION);
            return new Exchange(ready, new Connection(vertx, ready.connection(), sending.pass(), sending.deadline()));
        } catch (EgressFailure failure) {
            request.onSuccess(late -> late.connection().close());
            throw failure;
        }
    }

    /// Whoever waits is told of each failure; without handlers the client would also log them as errors, as often as
    /// a hostile server likes.
    private static void quieten(HttpClientRequest request) {
        request.exceptionHandler(_ -> {});
        request.connection().exceptionHandler(_ -> {});
    }

    /// A connection with a request that has not been sent.
    record Exchange(HttpClientRequest request, Connection connection) {}

    /// @throws EgressFailure if no answer begins in time
    Answer send(Exchange exchange, Sending sending) {
        byte[] body = sending.hop().body();
        try {
            HttpClientRequest request = exchange.request();
            // Mapped before anything is sent, and so on the event loop: the body's handlers are there before its first
            // byte, however fast the answer is.
            Future<Answer> answer = request.response().map(response -> answer(response, exchange, sending));
            var _ = body.length == 0 ? request.send() : request.send(Buffer.buffer(body));
            return await(answer, sending, Phase.ANSWER);
        } catch (EgressFailure failure) {
            exchange.connection().close();
            throw failure;
        }
    }

    private Answer answer(HttpClientResponse response, Exchange exchange, Sending sending) {
        var body = InboundBody.of(response, failures(sending), sending.limits().idle());
        return Answer.of(response, sending.hop().url(), body, exchange.connection());
    }

    private WireFailure failures(Sending sending) {
        return new WireFailure(sending.host(), sending.deadline(), maxHeaderBytes);
    }

    private <T> T await(Future<T> future, Sending sending, Phase phase) {
        EgressLimits limits = sending.limits();
        long nanos = sending.nanos(phase == Phase.CONNECTION ? limits.connect() : limits.idle());
        try {
            return future.toCompletionStage().toCompletableFuture().get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw new EgressFailure(new EgressError.TimedOut(sending.host(), phase), late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new EgressFailure(new EgressError.Stopped(), interrupted);
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            throw failures(sending).of(cause, phase);
        }
    }

    private static RequestOptions options(Hop hop, InetAddress address) {
        EgressUrl url = hop.url();
        var options = new RequestOptions()
                .setServer(server(address, url.port()))
                .setHost(url.host().name())
                .setPort(url.port())
                .setSsl(url.isEncrypted())
                .setMethod(HttpMethod.valueOf(hop.method().name()))
                .setURI(url.target())
                .setFollowRedirects(false);
        hop.headers().forEach(options::putHeader);
        return options.putHeader("Host", url.authority()).putHeader("Accept-Encoding", "gzip");
    }

    /// Without the name that came with the address, so that nothing can look it up again.
    private static SocketAddress server(InetAddress address, int port) {
        return SocketAddress.inetSocketAddress(new InetSocketAddress(Addresses.of(address.getAddress()), port));
    }

    @PreDestroy
    void close() {
        client.close();
    }
}
