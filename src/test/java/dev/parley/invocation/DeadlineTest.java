package dev.parley.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    private static final Duration SOON = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void workIsToldOnceWhenItsTimeIsUpWhichIsBeforeTheEnd() throws Exception {
        var deadline = Deadline.in(Duration.ofSeconds(2));
        var left = new Duration[1];
        var told = new CountDownLatch(1);

        try (var _ = deadline.begin(() -> {
            left[0] = deadline.leftInAll();
            told.countDown();
        })) {
            assertThat(deadline.left()).isLessThan(Duration.ofSeconds(2));
            assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(deadline.left()).isZero();
            assertThat(left[0]).isPositive();
        }
        assertThat(deadline.awaitEnd(PATIENCE)).isTrue();
    }

    @Test
    void workThatBeginsTooLateIsToldAtOnce() throws Exception {
        var deadline = Deadline.in(Duration.ZERO);
        var first = new CountDownLatch(1);
        var second = new CountDownLatch(1);

        try (var _ = deadline.begin(first::countDown)) {
            assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();
            try (var _ = deadline.begin(second::countDown)) {
                assertThat(second.await(20, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @Test
    void workThatHasEndedIsNotTold() throws Exception {
        var deadline = Deadline.in(SOON);
        var told = new AtomicInteger();

        deadline.begin(told::incrementAndGet).close();

        assertThat(deadline.awaitEnd(PATIENCE)).isTrue();
        Thread.sleep(SOON.multipliedBy(2));
        assertThat(told).hasValue(0);
    }

    @Test
    void theEndOfTheLastWorkIsAwaited() throws Exception {
        var deadline = Deadline.in(Duration.ofMinutes(1));
        Running one = deadline.begin(() -> {});
        Running other = deadline.begin(() -> {});

        assertThat(deadline.awaitEnd(SOON)).isFalse();
        one.close();
        one.close();
        assertThat(deadline.awaitEnd(SOON)).isFalse();
        Thread.ofVirtual().start(other::close);
        assertThat(deadline.awaitEnd(PATIENCE)).isTrue();
    }

    @Test
    void aServerHasNoDeadline() throws Exception {
        var told = new AtomicInteger();
        try (var _ = Deadline.NONE.begin(told::incrementAndGet)) {
            assertThat(Deadline.NONE.awaitEnd(Duration.ZERO)).isTrue();
            assertThat(Deadline.NONE.left()).isGreaterThan(Duration.ofDays(365));
            assertThat(told).hasValue(0);
        }
    }
}
