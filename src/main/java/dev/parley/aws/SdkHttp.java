package dev.parley.aws;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import org.reactivestreams.FlowAdapters;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;
import software.amazon.awssdk.http.async.SdkHttpContentPublisher;

/// The JDK's HTTP client for the AWS SDK. The SDK's own for streams is Netty, a second HTTP stack with threads of its
/// own in every function and every native image.
///
/// Cancelling a call closes its connection.
final class SdkHttp implements SdkAsyncHttpClient {

    /// Set by the client itself, and not to be set by others.
    private static final Set<String> RESTRICTED = restricted();

    private final HttpClient client;

    SdkHttp(Duration connectTimeout) {
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connectTimeout)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest call) {
        var done = new CompletableFuture<Void>();
        CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> answer =
                client.sendAsync(request(call), BodyHandlers.ofPublisher());
        done.whenComplete((_, _) -> answer.cancel(true));
        answer.whenComplete((response, failure) -> {
            if (failure == null) {
                tell(response, call.responseHandler(), done);
            } else {
                Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
                call.responseHandler().onError(cause);
                done.completeExceptionally(cause);
            }
        });
        return done;
    }

    private static void tell(
            HttpResponse<Flow.Publisher<List<ByteBuffer>>> response,
            SdkAsyncHttpResponseHandler handler,
            CompletableFuture<Void> done) {
        handler.onHeaders(headers(response));
        handler.onStream(FlowAdapters.toPublisher(new SdkBody(response.body(), done)));
    }

    private static SdkHttpResponse headers(HttpResponse<?> response) {
        return SdkHttpFullResponse.builder()
                .statusCode(response.statusCode())
                .headers(response.headers().map())
                .build();
    }

    private static HttpRequest request(AsyncExecuteRequest call) {
        var request = HttpRequest.newBuilder(URI.create(call.request().getUri().toString()));
        call.request().forEachHeader((name, values) -> {
            if (!RESTRICTED.contains(name)) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return request.method(call.request().method().name(), body(call)).build();
    }

    /// A body that carries its checksum at its end does not know its own length; the header does, which is signed.
    private static BodyPublisher body(AsyncExecuteRequest call) {
        SdkHttpContentPublisher content = call.requestContentPublisher();
        long length = call.request()
                .firstMatchingHeader("Content-Length")
                .map(Long::valueOf)
                .or(content::contentLength)
                .orElse(0L);
        return length == 0
                ? BodyPublishers.noBody()
                : BodyPublishers.fromPublisher(FlowAdapters.toFlowPublisher(content), length);
    }

    private static Set<String> restricted() {
        var names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(List.of("Host", "Content-Length", "Connection", "Expect", "Upgrade"));
        return names;
    }

    @Override
    public String clientName() {
        return "jdk";
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
