package dev.parley.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RedeliveriesTest {

    @Test
    void aMessageComesAgainEverLaterAndWithinAnHour() {
        assertThat(IntStream.rangeClosed(1, 6).mapToObj(times -> Redeliveries.pause(Duration.ofMinutes(1), times)))
                .containsExactly(
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(4),
                        Duration.ofMinutes(16),
                        Duration.ofHours(1),
                        Duration.ofHours(1),
                        Duration.ofHours(1));
    }
}
