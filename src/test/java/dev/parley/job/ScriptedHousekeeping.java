package dev.parley.job;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/// A task of its own name that counts its batches and does what its test says.
final class ScriptedHousekeeping implements Housekeeping {

    static final Duration HOURLY = Duration.ofHours(1);

    private final String name = "test." + UUID.randomUUID();
    private final AtomicInteger batches = new AtomicInteger();
    private final Duration interval;
    private final BooleanSupplier batch;

    ScriptedHousekeeping(Duration interval, BooleanSupplier batch) {
        this.interval = interval;
        this.batch = batch;
    }

    int batches() {
        return batches.get();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Duration interval() {
        return interval;
    }

    @Override
    public boolean run() {
        batches.incrementAndGet();
        return batch.getAsBoolean();
    }
}
