package dev.parley.chat;

import static org.awaitility.Awaitility.await;

import dev.parley.testing.ParleyProcess;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import dev.parley.testing.ScriptedProvider.Script;
import dev.parley.testing.Step;
import dev.parley.testing.TestTenant;
import io.quarkus.test.junit.QuarkusTest;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Clients that ask for a stream and take nothing of it.
@QuarkusTest
@Tag("packaged")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StalledClientIT {

    private static final Duration STALLED = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final TestTenant tenant = TestTenant.create();
    private ParleyProcess process;

    @BeforeAll
    void start() throws Exception {
        process = ParleyProcess.start(config());
    }

    @AfterAll
    void stop() {
        process.close();
    }

    @Test
    void itsConnectionIsClosed() throws Exception {
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
