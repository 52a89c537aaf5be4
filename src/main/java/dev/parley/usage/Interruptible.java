package dev.parley.usage;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What one thread does on behalf of a turn, and somebody else may cut short for good by an interrupt. That comes while
/// it waits for a provider and at no other time: an interrupted database call would break its connection.
final class Interruptible {

    private @Nullable Thread waiting;
    private boolean over;

    /// Is interrupted when the turn is over, at once when it is so already; no interrupt is left behind.
    <T> T await(Supplier<T> work) {
        return as(Thread.currentThread(), work);
    }

    /// A part of it that is not interrupted.
    <T> T shield(Supplier<T> work) {
        return as(null, work);
    }

    private <T> T as(@Nullable Thread thread, Supplier<T> work) {
        Thread before = replace(thread);
        try {
            return work.get();
        } finally {
            replace(before);
        }
    }

    private synchronized @Nullable Thread replace(@Nullable Thread next) {
        Thread before = waiting;
        waiting = next;
        if (over && next != null) {
            next.interrupt();
        } else if (over) {
            Thread.interrupted();
        }
        return before;
    }

    synchronized void end() {
        over = true;
        if (waiting != null) {
            waiting.interrupt();
        }
    }
}
