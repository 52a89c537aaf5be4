package dev.parley.egress;

import static dev.parley.egress.HostileServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// Answers that are read as they come.
class EgressStreamTest extends HostileWorld {

    @Test
    void eventsComeAsTheyAreSent() {
        var heard = new CountDownLatch(1);
        server.on("/events", (_, out) -> {
            write(out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nid: 1\ndata: first\n\n");
            heard.await();
            write(out, "event: bye\ndata: second\n\n");
        });
        try (EgressStream stream = egress.egress().open(get("/events").accepting("text/event-stream"))) {
            ServerSentEvents events = stream.events();
            assertThat(events.next()).contains(new ServerSentEvent("message", "first", "1"));
            heard.countDown();
            assertThat(events.next()).contains(new ServerSentEvent("bye", "second", "1"));
            assertThat(events.next()).isEmpty();
        }
    }

    @Test
    void closingAStreamClosesItsConnection() {
        server.on("/events", (_, out) -> {
            write(out, "HTTP/1.1 200 OK\r\n\r\n");
            slowly(out);
        });
        egress.egress().open(get("/events")).close();
        await().until(server::isIdle);
    }

    @Test
    void aForgottenStreamClosesItselfAtItsTotalLimit() {
        configure("stream-total", "500ms");
        server.on("/events", (_, out) -> {
            write(out, "HTTP/1.1 200 OK\r\n\r\n");
            endless(out);
        });
        egress.egress().open(get("/events"));
        assertThat(egress.isIdle()).isFalse();
        await().until(() -> egress.isIdle() && server.isIdle());
    }
}
