package dev.parley.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryDelaysTest {

    private final RetryDelays delays = new RetryDelays(Duration.ofSeconds(2), Duration.ofMinutes(5), new Random(1));

    @Test
    void delaysGrowFromTheFirstToTheLongestWithJitterBelow() {
        for (int repeat = 0; repeat < 100; repeat++) {
            assertThat(delays.after(1)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
            assertThat(delays.after(3)).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(18));
            assertThat(delays.after(1000)).isBetween(Duration.ofSeconds(150), Duration.ofMinutes(5));
        }
    }
}
