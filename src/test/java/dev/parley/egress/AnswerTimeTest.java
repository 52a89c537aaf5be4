package dev.parley.egress;

import static dev.parley.egress.HostileServer.ok;
import static dev.parley.egress.HostileServer.redirect;
import static dev.parley.egress.HostileServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.egress.EgressError.Phase;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever a server waits for, its time ends; so does that of whoever waits for it.
class AnswerTimeTest extends HostileWorld {

    @Test
    void aServerThatSendsAByteNowAndThenIsCutOffAtTheTotalLimit() {
        configure("total", "3s", "idle", "2s");
        server.on("/body", (_, out) -> {
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
            slowly(out);
        });
        server.on("/head", (_, out) -> {
            write(out, "HTTP/1.1 200 OK\r\nX: ");
            slowly(out);
        });
        long start = System.nanoTime();
        assertThat(failure("/body")).isEqualTo(new EgressError.TimedOut("outer.test", Phase.BODY));
        assertThat(failure("/head")).isEqualTo(new EgressError.TimedOut("outer.test", Phase.ANSWER));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void silenceEndsSoonerThanTheTotalLimit() {
        configure("idle", "1s");
        server.on("/never", (request, _) -> request.stall());
        server.on("/half", (request, out) -> {
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            request.stall();
        });
        assertThat(failure("/never")).isEqualTo(new EgressError.TimedOut("outer.test", Phase.ANSWER));
        assertThat(failure("/half")).isEqualTo(new EgressError.TimedOut("outer.test", Phase.BODY));
    }

    @Test
    void redirectsShareOneTotalLimit() {
        configure("total", "1s", "max-redirects", "1000");
        server.on("/", (_, out) -> {
            Thread.sleep(100);
            write(out, redirect(302, "/"));
        });
        assertThat(failure("/")).isInstanceOf(EgressError.TimedOut.class);
        assertThat(server.requests()).hasSizeLessThan(15);
    }

    @Test
    void endlessInterimAnswersEnd() {
        configure("total", "1s");
        server.on("/", (_, out) -> {
            while (true) {
                write(out, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
            }
        });
        assertThat(failure("/")).isNotNull();
    }

    @Test
    void oneHostDoesNotTakeAllPlaces() throws Exception {
        configure("host-concurrency", "1", "connect", "2s");
        resolver.answer("other.test", TestEgress.PUBLIC);
        var release = new CountDownLatch(1);
        server.on("/wait", (_, out) -> {
            release.await();
            write(out, ok("text/plain", "late"));
        });
        server.on("/", ok("text/plain", "soon"));
        var first = CompletableFuture.supplyAsync(() -> text(get("/wait")));
        await().until(() -> server.requests().size() == 1);
        assertThat(failure("/")).isEqualTo(new EgressError.TimedOut("outer.test", Phase.TURN));
        assertThat(text(EgressRequest.get(url("other.test", "/")))).isEqualTo("soon");
        release.countDown();
        assertThat(first.get()).isEqualTo("late");
        assertThat(text(get("/"))).isEqualTo("soon");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/head", "/body"})
    void interruptingTheThreadClosesTheConnection(String path) throws Exception {
        server.on(path, (_, out) -> {
            write(out, path.equals("/body") ? "HTTP/1.1 200 OK\r\n\r\nx" : "HTTP/1.1 ");
            slowly(out);
        });
        var failure = new CompletableFuture<EgressError>();
        Thread thread = Thread.ofVirtual().start(() -> failure.complete(failure(path)));
        await().until(() -> server.requests().size() == 1);
        thread.interrupt();
        assertThat(failure.get()).isEqualTo(new EgressError.Stopped());
    }
}
