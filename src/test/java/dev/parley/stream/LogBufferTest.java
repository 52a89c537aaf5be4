package dev.parley.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.stream.Delivery.Event;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LogBufferTest {

    private final LogBuffer buffer = new LogBuffer(new SequenceLease(), new LogBuffer.Bounds(1000, 100_000));

    @Test
    void aLoneEventIsDueAfterAMoment() throws Exception {
        add(buffer, 0, 1);
        long start = System.nanoTime();

        assertThat(sequences(buffer.awaitDue().events())).containsExactly(0L);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(40));
    }

    @Test
    void manyEventsAreDueTogether() throws Exception {
        add(buffer, 0, 32);

        Flush flush = buffer.awaitDue();

        assertThat(flush.first()).isZero();
        assertThat(flush.next()).isEqualTo(32);
        assertThat(flush.lease()).isZero();
    }

    @Test
    void whatIsNotAcknowledgedGoesAgainWithWhatCameSince() throws Exception {
        add(buffer, 0, 32);
        Flush inDoubt = buffer.awaitDue();
        add(buffer, 32, 40);

        assertThat(buffer.awaitDue().first()).isEqualTo(inDoubt.first());
        assertThat(sequences(buffer.awaitDue().events())).hasSize(40);

        buffer.flushed(inDoubt);
        assertThat(sequences(buffer.awaitDue().events())).containsExactly(32L, 33L, 34L, 35L, 36L, 37L, 38L, 39L);
    }

    @Test
    void theLastEventIsNotFlushedButReturned() throws Exception {
        add(buffer, 0, 1);
        buffer.add(new Event(1, "end", true));

        assertThat(sequences(buffer.awaitDue().events())).containsExactly(0L);
        assertThat(sequences(buffer.end())).containsExactly(0L, 1L);
        assertThat(buffer.awaitDue()).isNull();
        assertThat(sequences(buffer.end())).as("again").containsExactly(0L, 1L);
    }

    @Test
    void tooManyEventsEndTheLogButForTheLast() {
        add(buffer, 0, 1000);
        assertThat(buffer.add(event(1000))).isFalse();
        assertThat(buffer.add(event(1001))).isFalse();
        buffer.add(new Event(1002, "end", true));

        assertThat(sequences(buffer.end())).containsExactly(1002L);
    }

    @Test
    void tooManyCharactersEndTheLog() {
        assertThat(buffer.add(new Event(0, "x".repeat(100_001), false))).isFalse();
    }

    @Test
    void numbersAreLeasedLongBeforeTheyRunOut() throws Exception {
        add(buffer, 0, 300);

        Flush flush = buffer.awaitDue();

        assertThat(flush.lease()).isGreaterThan(10_000);
        assertThat(buffer.awaitLease(1023, Duration.ZERO)).isTrue();
        assertThat(buffer.awaitLease(1024, Duration.ofMillis(1))).isFalse();
        buffer.flushed(flush);
        assertThat(buffer.awaitLease(1024, Duration.ZERO)).isTrue();
        assertThat(buffer.awaitLease(flush.lease(), Duration.ofMillis(1))).isFalse();
    }

    @Test
    void aStreamThatIsLoggedNoFurtherStillLeasesNumbers() throws Exception {
        buffer.giveUp();
        add(buffer, 0, 300);

        Flush flush = buffer.awaitDue();

        assertThat(flush.events()).isEmpty();
        assertThat(flush.lease()).isPositive();
    }

    private static void add(LogBuffer buffer, long first, long next) {
        LongStream.range(first, next).forEach(sequence -> buffer.add(event(sequence)));
    }

    private static Event event(long sequence) {
        return new Event(sequence, Reading.frame(sequence), false);
    }

    private static List<Long> sequences(List<Event> events) {
        return events.stream().map(Event::sequence).toList();
    }
}
