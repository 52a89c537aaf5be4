package dev.parley.batch;

import dev.parley.batch.BatchErrors.BatchError;
import dev.parley.job.Job;
import dev.parley.job.JobFailure;
import dev.parley.job.JobHandler;
import dev.parley.job.Jobs;
import dev.parley.job.Lease;
import dev.parley.job.Workload;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Works on a batch for a while, then gives its place to other jobs and comes again until the batch is over.
@ApplicationScoped
class BatchHandler implements JobHandler {

    static final String KIND = "batch";

    private static final Duration SOON = Duration.ofMillis(500);
    private static final Duration ELSEWHERE = Duration.ofSeconds(2);

    private final Batches batches;
    private final Validation validation;
    private final Slice slice;
    private final BatchLines lines;
    private final Transitions transitions;
    private final Closing closing;
    private final Jobs jobs;

    BatchHandler(
            Batches batches,
            Validation validation,
            Slice slice,
            BatchLines lines,
            Transitions transitions,
            Closing closing,
            Jobs jobs) {
        this.batches = batches;
        this.validation = validation;
        this.slice = slice;
        this.lines = lines;
        this.transitions = transitions;
        this.closing = closing;
        this.jobs = jobs;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Workload workload() {
        return Workload.PATIENT;
    }

    @Override
    public void run(Job job, Lease lease) {
        Lane lane = Lane.of(job.subject());
        batches.find(job.tenant(), lane.batch())
                .flatMap(batch -> lane.leads() ? lead(batch, lease) : follow(batch, lease))
                .ifPresent(delay -> lease.runInTransaction(_ -> jobs.add(job.tenant(), KIND, lane.subject(), delay)));
    }

    /// When to come again; empty when there is nothing left to do.
    private Optional<Duration> lead(Batch batch, Lease lease) {
        return switch (batch.status()) {
            case VALIDATING -> validation.run(batch, lease) ? Optional.of(Duration.ZERO) : Optional.empty();
            case IN_PROGRESS -> Optional.of(runLines(batch, lease));
            case CANCELLING -> Optional.of(awaitLines(batch, lease));
            case FINALIZING -> {
                closing.finish(batch, lease);
                yield Optional.empty();
            }
            case COMPLETED, CANCELLED, EXPIRED, FAILED -> {
                closing.forget(batch);
                yield Optional.empty();
            }
        };
    }

    private Optional<Duration> follow(Batch batch, Lease lease) {
        if (batch.status() != BatchStatus.IN_PROGRESS) {
            return Optional.empty();
        }
        boolean tookPart = takePart(batch, lease);
        return Optional.ofNullable(lines.left(batch).next()).map(delay -> tookPart ? delay : ELSEWHERE);
    }

    private Duration runLines(Batch batch, Lease lease) {
        if (!takePart(batch, lease)) {
            return ELSEWHERE;
        }
        LinesLeft left = lines.left(batch);
        if (left.running()) {
            return left.next() == null || left.next().compareTo(SOON) < 0 ? SOON : left.next();
        }
        lease.runInTransaction(_ -> transitions.finalise(batch));
        return left.next() == null ? Duration.ZERO : left.next();
    }

    private boolean takePart(Batch batch, Lease lease) {
        try {
            return slice.run(batch, lease.deadline());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw JobFailure.passing("run", stopped);
        }
    }

    private Duration awaitLines(Batch batch, Lease lease) {
        lines.release(batch);
        lease.runInTransaction(_ -> transitions.finalise(batch));
        return SOON;
    }

    @Override
    public void buried(Job job, JobFailure failure) {
        Lane lane = Lane.of(job.subject());
        if (lane.leads()) {
            var error = BatchError.ofFile("server_error", failure.reason());
            transitions.fail(job.tenant(), lane.batch(), List.of(error));
        }
    }

    @Override
    public void redriven(Job job) {
        Lane lane = Lane.of(job.subject());
        if (lane.leads()) {
            transitions.reopen(job.tenant(), lane.batch());
        }
    }
}
