package dev.parley.ingestion.source;

import dev.parley.ingestion.IngestionConfig;
import dev.parley.job.Job;
import dev.parley.job.JobFailure;
import dev.parley.job.JobHandler;
import dev.parley.job.Jobs;
import dev.parley.job.Lease;
import dev.parley.job.Workload;
import dev.parley.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// Works on the run of a source for a while, step by step, then gives its place to other jobs and comes again until the
/// run is over. Each step is a commit with its checkpoint: killed anywhere, the next one goes on from there.
@ApplicationScoped
class SourceHandler implements JobHandler {

    static final String KIND = "source";

    private final Sources sources;
    private final SourceRuns runs;
    private final SourceSteps steps;
    private final Jobs jobs;
    private final Duration slice;
    private final Duration stageTimeout;

    SourceHandler(
            Sources sources,
            SourceRuns runs,
            SourceSteps steps,
            Jobs jobs,
            SourcesConfig config,
            IngestionConfig ingestion) {
        this.sources = sources;
        this.runs = runs;
        this.steps = steps;
        this.jobs = jobs;
        this.slice = config.slice();
        this.stageTimeout = ingestion.stageTimeout();
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
        SourceId id = SourceId.parse(job.tenant(), job.subject());
        long end = System.nanoTime() + lease.deadline().forBeginning(slice).toNanos();
        Optional<Source> source = sources.find(id);
        Optional<Duration> next = source.flatMap(found -> step(found, lease));
        while (next.isPresent() && next.get().isZero() && System.nanoTime() - end < 0) {
            source = source.flatMap(sources::follow);
            next = source.flatMap(found -> step(found, lease));
        }
        next.ifPresent(delay -> lease.runInTransaction(_ -> jobs.add(job.tenant(), KIND, job.subject(), delay)));
    }

    /// When to take the next step; empty when there is none.
    private Optional<Duration> step(Source source, Lease lease) {
        String stage = source.run().phase().name().toLowerCase(Locale.ROOT);
        lease.enter(stage, stageTimeout);
        try {
            if (source.status() == Source.Status.DELETING) {
                return steps.delete(source, lease);
            }
            return source.run().isRunning() ? steps.next(source, lease) : Optional.empty();
        } catch (Problem passing) {
            throw JobFailure.passing(stage, passing);
        }
    }

    @Override
    public void buried(Job job, JobFailure failure) {
        runs.fail(SourceId.parse(job.tenant(), job.subject()), failure.reason());
    }

    @Override
    public void redriven(Job job) {
        runs.reopen(SourceId.parse(job.tenant(), job.subject()));
    }
}
