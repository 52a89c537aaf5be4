package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.testing.ParleyProcess;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.ScriptedProvider.Script;
import dev.parley.testing.Step;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Clients that ask for a stream and take nothing of it.
@QuarkusTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StalledClientIT {

    private static final Duration STALLED = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final TestTenant tenant = TestTenant.create();
    private final Vertx vertx = Vertx.vertx();
    private ParleyProcess process;

    @BeforeAll
    void start() throws Exception {
        process = ParleyProcess.start(config());
    }

    @AfterAll
    void stop() {
        process.close();
        vertx.close();
    }

    @Test
    void overHttp2ItsStreamIsResetAndOtherRequestsOfItsConnectionGoOn() throws Exception {
        Script endless = ScriptedProvider.script(moreThanAnyBufferHolds());
        var gate = new Step.Gate("stalled-" + UUID.randomUUID());
        Script other = ScriptedProvider.script(Reply.steps(gate, new Step.Text("Still served.")));
        HttpClient client = http2();

        HttpClientResponse stalled = get(ask(client, endless, true).map(HttpClientResponse::pause));
        var end = new CompletableFuture<Throwable>();
        stalled.exceptionHandler(end::complete);
        Future<String> answer =
                ask(client, other, false).compose(HttpClientResponse::body).map(Buffer::toString);

        assertThat(stalled.version()).isEqualTo(HttpVersion.HTTP_2);
        assertThat(end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(StreamResetException.class);
        ScriptedProvider.open(gate);
        assertThat(get(answer)).contains("Still served.");
    }

    @Test
    void aClientThatResetsItsStreamOverHttp2KeepsItsConnection() throws Exception {
        Script endless = ScriptedProvider.script(moreThanAnyBufferHolds());
        var gate = new Step.Gate("reset-" + UUID.randomUUID());
        Script other = ScriptedProvider.script(Reply.steps(gate, new Step.Text("Still served.")));
        HttpClient client = http2();

        HttpClientResponse unwanted = get(ask(client, endless, true).map(HttpClientResponse::pause));
        Future<String> answer =
                ask(client, other, false).compose(HttpClientResponse::body).map(Buffer::toString);
        await().until(() -> !other.requests().isEmpty());
        unwanted.request().reset();
        ScriptedProvider.open(gate);

        assertThat(get(answer)).contains("Still served.");
    }

    @Test
    void overHttp1ItsConnectionIsClosed() throws Exception {
        Script endless = ScriptedProvider.script(moreThanAnyBufferHolds());
        byte[] body = body(endless, true).getBytes(StandardCharsets.UTF_8);
        URI url = URI.create(process.url());
        try (var socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress(url.getHost(), url.getPort()));
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream()
                    .write(("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
                                    + "Authorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                                            .formatted(tenant.key(), body.length))
                            .getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(body);
            await().until(() -> !endless.requests().isEmpty());

            // It takes nothing, and is told by its writing that nobody is there any more.
            await().atMost(PATIENCE).until(() -> isClosed(socket));
        }
    }

    private static boolean isClosed(Socket socket) {
        try {
            socket.getOutputStream().write('\n');
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /// One connection, by prior knowledge.
    private HttpClient http2() {
        return vertx.createHttpClient(
                new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false)
                        .setHttp2MultiplexingLimit(10),
                new PoolOptions().setHttp2MaxSize(1));
    }

    private Future<HttpClientResponse> ask(HttpClient client, Script script, boolean stream) {
        URI url = URI.create(process.url());
        return client.request(HttpMethod.POST, url.getPort(), url.getHost(), "/v1/chat/completions")
                .compose(request -> request.putHeader("Authorization", "Bearer " + tenant.key())
                        .putHeader("Content-Type", "application/json")
                        .send(body(script, stream)));
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static String body(Script script, boolean stream) {
        return ChatRequests.with(ChatRequests.user("Hi " + script.marker()), "\"stream\": " + stream);
    }

    private static Reply moreThanAnyBufferHolds() {
        var text = new Step.Text("a".repeat(100_000));
        return Reply.steps(Collections.nCopies(100, text).toArray(Step[]::new));
    }

    private static Map<String, String> config() {
        var config = new HashMap<>(ParleyProcess.scripted());
        config.put("parley.stream.stalled-client", STALLED.toString());
        config.put("parley.stream.buffered-characters", "100000000");
        List.of("first-token-timeout", "stall-timeout", "timeout")
                .forEach(each -> config.put("parley.models.providers.scripted." + each, "60s"));
        config.put("parley.job.workers", "0");
        return config;
    }
}
