package dev.parley.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// https://html.spec.whatwg.org/multipage/server-sent-events.html
class ServerSentEventsTest {

    @Test
    void readsTypeDataAndId() {
        assertThat(events("event: endpoint\nid: 1\ndata: one\ndata: two\n\ndata:three\n\n"))
                .containsExactly(
                        new ServerSentEvent("endpoint", "one\ntwo", "1"), new ServerSentEvent("message", "three", "1"));
    }

    @Test
    void linesEndInAnyWay() {
        assertThat(events("data: a\r\n\r\ndata: b\r\rdata: c\n\n"))
                .extracting(ServerSentEvent::data)
                .containsExactly("a", "b", "c");
    }

    @Test
    void commentsUnknownFieldsAndEventsWithoutDataArePassedOver() {
        assertThat(events(": ping\n\nevent: nothing\n\nfoo: bar\ndata\n\ndata:  x\n\n"))
                .containsExactly(new ServerSentEvent("message", "", null), new ServerSentEvent("message", " x", null));
    }

    @Test
    void anUnfinishedEventIsNone() {
        assertThat(events("data: whole\n\ndata: half\n"))
                .extracting(ServerSentEvent::data)
                .containsExactly("whole");
    }

    @Test
    void aByteOrderMarkIsSkippedOnce() {
        assertThat(events("\uFEFFdata: \uFEFFx\n\n"))
                .extracting(ServerSentEvent::data)
                .containsExactly("\uFEFFx");
    }

    @Test
    void tellsHowLongToWait() {
        var events = reader("retry: 1500\nretry: soon\ndata: x\n\n");
        assertThat(events.retryMillis()).isEmpty();
        events.next();
        assertThat(events.retryMillis()).hasValue(1500);
    }

    @Test
    void anEventHasABound() {
        String line = "data: " + "x".repeat(1000) + "\n";
        assertTooLarge(line.repeat(ServerSentEvents.MAX_EVENT / 1000 + 1));
        assertTooLarge("x".repeat(ServerSentEvents.MAX_EVENT + 1));
    }

    private static void assertTooLarge(String stream) {
        assertThatExceptionOfType(EgressFailure.class)
                .isThrownBy(() -> reader(stream).next())
                .satisfies(failure -> assertThat(failure.error())
                        .isEqualTo(new EgressError.TooLarge(EgressError.Part.EVENT, ServerSentEvents.MAX_EVENT)));
    }

    private static ServerSentEvents reader(String stream) {
        return new ServerSentEvents(new ByteArrayInputStream(stream.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<ServerSentEvent> events(String stream) {
        var reader = reader(stream);
        var events = new ArrayList<ServerSentEvent>();
        for (Optional<ServerSentEvent> next = reader.next(); next.isPresent(); next = reader.next()) {
            events.add(next.get());
        }
        return events;
    }
}
