package dev.parley.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.stream.Delivery.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventRowTest {

    @Test
    void eventsComeBackAsTheyWereWhateverTheirFramesHold() {
        List<Event> events = List.of(
                new Event(7, "event: a\ndata: {}\n\n", false),
                new Event(8, "", false),
                new Event(9, "12!\n3\n!", false),
                new Event(10, "data: \uD83D\uDE42 ü\u0000\n\n", true));

        assertThat(EventRow.read(7, EventRow.write(events))).isEqualTo(events);
    }

    @Test
    void noEventsAreNoText() {
        assertThat(EventRow.read(0, EventRow.write(List.of()))).isEmpty();
    }
}
