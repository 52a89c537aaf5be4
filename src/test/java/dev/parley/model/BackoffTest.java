package dev.parley.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration MAX = Duration.ofSeconds(1);

    private static final ProviderFailure FAILED = new ProviderFailure(new ProviderError.Failed(503, null));

    @Test
    void delaysSpreadOverTheWholeRangeUnderADoublingLimit() {
        long[] longest = new long[6];
        long shortest = Long.MAX_VALUE;
        for (int seed = 0; seed < 500; seed++) {
            var backoff = new Backoff(FIRST, MAX, new Random(seed));
            for (int retry = 0; retry < longest.length; retry++) {
                long delay = backoff.nextDelayInMillis(FAILED);
                longest[retry] = Math.max(longest[retry], delay);
                shortest = Math.min(shortest, delay);
            }
        }
        long[] limits = {100, 200, 400, 800, 1000, 1000};
        assertThat(IntStream.range(0, limits.length))
                .allSatisfy(retry -> assertThat(longest[retry]).isBetween(limits[retry] * 9 / 10, limits[retry]));
        assertThat(shortest).isLessThan(10);
    }

    @Test
    void retryAfterWinsAndIsNeverUndercut() {
        var limited = new ProviderFailure(new ProviderError.RateLimited(Duration.ofMillis(700)));

        assertThat(new Backoff(FIRST, MAX, new Random(1)).nextDelayInMillis(limited))
                .isBetween(700L, 800L);
    }

    @Test
    void aWaitBeyondTheBoundIsNotWorthARetry() {
        assertThat(Backoff.isWorthARetry(new ProviderFailure(new ProviderError.RateLimited(Duration.ofHours(1))), MAX))
                .isFalse();
        assertThat(Backoff.isWorthARetry(FAILED, MAX)).isTrue();
        assertThat(Backoff.isWorthARetry(FAILED.afterFirstEvent(), MAX)).isFalse();
        assertThat(Backoff.isWorthARetry(new ProviderFailure(new ProviderError.KeyRejected()), MAX))
                .isFalse();
        assertThat(Backoff.isWorthARetry(new IllegalStateException(), MAX)).isFalse();
    }

    @Test
    void retryAfterIsSecondsOrADate() {
        var now = Instant.parse("2026-11-23T12:00:00Z");

        assertThat(ErrorAnswer.retryAfter("7", now)).hasSeconds(7);
        assertThat(ErrorAnswer.retryAfter("Mon, 23 Nov 2026 12:00:30 GMT", now)).hasSeconds(30);
        assertThat(ErrorAnswer.retryAfter("soon", now)).isNull();
        assertThat(ErrorAnswer.retryAfter("", now)).isNull();
    }
}
