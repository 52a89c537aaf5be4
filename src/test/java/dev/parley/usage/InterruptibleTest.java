package dev.parley.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class InterruptibleTest {

    private final Interruptible work = new Interruptible();

    @Test
    void aThreadThatWaitsIsInterruptedAndKeepsNoTraceOfIt() throws Exception {
        var waits = new CountDownLatch(1);
        var ended = CompletableFuture.supplyAsync(() -> {
            boolean interrupted = work.await(() -> sleeps(waits));
            return interrupted && !Thread.currentThread().isInterrupted();
        });
        waits.await();

        work.end();

        assertThat(ended.get()).isTrue();
    }

    @Test
    void whatIsShieldedIsNotInterruptedAndWhatFollowsIsAtOnce() throws Exception {
        var shielded = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        var seen = CompletableFuture.supplyAsync(() -> work.await(() -> {
            boolean inside = work.shield(() -> {
                shielded.countDown();
                return waitsUninterrupted(over);
            });
            return inside && Thread.currentThread().isInterrupted();
        }));
        shielded.await();

        work.end();
        over.countDown();

        assertThat(seen.get()).isTrue();
    }

    @Test
    void whoComesLaterIsInterruptedAtOnce() {
        work.end();

        assertThat(work.<Boolean>await(() -> Thread.currentThread().isInterrupted()))
                .isTrue();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void whatIsDoneBeforeTheEndIsLeftAlone() {
        work.await(() -> true);

        work.end();

        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    private static boolean sleeps(CountDownLatch begun) {
        begun.countDown();
        try {
            Thread.sleep(60_000);
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static boolean waitsUninterrupted(CountDownLatch end) {
        try {
            end.await();
            return true;
        } catch (InterruptedException interrupted) {
            return false;
        }
    }
}
