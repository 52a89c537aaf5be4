package dev.parley.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import dev.parley.postgres.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// LangChain4j's HTTP client for calls to providers: blocking, on the caller's virtual thread, streams included.
///
/// Quarkus' own REST client would do but for three things a provider call needs: the `Retry-After` of an error, a
/// connection that closes when a stream is cancelled, and time-outs for the first token and for silence.
public final class ProviderHttp implements dev.langchain4j.http.client.HttpClient {

    private final ProviderSettings.Timeouts timeouts;
    private final Json json;
    private final Clock clock;
    private final HttpClient client;
    private final AnswerCheck check;

    ProviderHttp(ProviderSettings.Timeouts timeouts, Json json, Clock clock) {
        this.timeouts = timeouts;
        this.json = json;
        this.clock = clock;
        this.check = _ -> {};
        // HTTP/1.1: plain-text servers such as vLLM stumble over the offer to upgrade to HTTP/2.
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeouts.connect())
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    private ProviderHttp(ProviderHttp same, AnswerCheck check) {
        this.timeouts = same.timeouts;
        this.json = same.json;
        this.clock = same.clock;
        this.client = same.client;
        this.check = check;
    }

    /// This client where LangChain4j asks for a builder; its time-outs win.
    public HttpClientBuilder asBuilder() {
        return new Prebuilt(this, timeouts);
    }

    /// The same, for a provider whose answers need a look of their own.
    public HttpClientBuilder asBuilder(AnswerCheck check) {
        return new Prebuilt(new ProviderHttp(this, check), timeouts);
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        HttpResponse<String> response = send(request, BodyHandlers.ofString(), timeouts.call());
        checkStatus(response, response::body);
        check.check(response.body());
        return SuccessfulHttpResponse.builder()
                .statusCode(response.statusCode())
                .headers(response.headers().map())
                .body(response.body())
                .build();
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        try {
            HttpResponse<InputStream> response = send(request, BodyHandlers.ofInputStream(), timeouts.firstToken());
            try (var body = new WatchedBody(response.body(), timeouts)) {
                checkStatus(response, () -> read(body));
                var watched = new WatchedListener(listener, body, check);
                parser.parse(body, watched);
                watched.end();
            }
        } catch (IOException | RuntimeException failure) {
            listener.onError(ProviderFailure.of(failure));
        }
    }

    /// Whoever does not wait any longer closes the connection.
    private <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler, Duration timeout) {
        var body = new SentBody(
                request.body() == null ? BodyPublishers.noBody() : BodyPublishers.ofString(request.body()));
        CompletableFuture<HttpResponse<T>> answer = client.sendAsync(convert(request, body), handler);
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            answer.cancel(true);
            throw new ProviderFailure(new ProviderError.TimedOut(), late);
        } catch (InterruptedException interrupted) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new ProviderFailure(new ProviderError.Stopped(body.isSent()), interrupted);
        } catch (ExecutionException failure) {
            throw ProviderFailure.of(failure.getCause() == null ? failure : failure.getCause());
        }
    }

    private static java.net.http.HttpRequest convert(HttpRequest request, SentBody body) {
        var converted = java.net.http.HttpRequest.newBuilder(URI.create(request.url()));
        request.headers().forEach((name, values) -> values.forEach(value -> converted.header(name, value)));
        return converted.method(request.method().name(), body).build();
    }

    private interface Body {
        String read();
    }

    private void checkStatus(HttpResponse<?> response, Body body) {
        if (response.statusCode() / 100 == 2) {
            return;
        }
        Duration retryAfter = response.headers()
                .firstValue("Retry-After")
                .map(header -> ErrorAnswer.retryAfter(header, clock.instant()))
                .orElse(null);
        throw new ProviderFailure(new ErrorAnswer(response.statusCode(), parse(body.read()), retryAfter).classify());
    }

    private JsonNode parse(String body) {
        try {
            return json.read(body, JsonNode.class);
        } catch (IllegalArgumentException notJson) {
            return MissingNode.getInstance();
        }
    }

    /// The status tells enough where an error's body cannot be read.
    private static String read(InputStream body) {
        try {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            return "";
        }
    }

    private record Prebuilt(ProviderHttp client, ProviderSettings.Timeouts timeouts) implements HttpClientBuilder {

        @Override
        public Duration connectTimeout() {
            return timeouts.connect();
        }

        @Override
        public HttpClientBuilder connectTimeout(Duration ignored) {
            return this;
        }

        @Override
        public Duration readTimeout() {
            return timeouts.call();
        }

        @Override
        public HttpClientBuilder readTimeout(Duration ignored) {
            return this;
        }

        @Override
        public ProviderHttp build() {
            return client;
        }
    }
}
