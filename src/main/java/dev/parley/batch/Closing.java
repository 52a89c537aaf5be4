package dev.parley.batch;

import dev.parley.job.Lease;
import jakarta.enterprise.context.ApplicationScoped;

/// Brings a batch to its end: its files, its last state, and nothing kept twice.
@ApplicationScoped
class Closing {

    private static final OutputFiles.Written NOTHING = new OutputFiles.Written(0, 0, 0);

    private final OutputFiles output;
    private final Transitions transitions;
    private final EndedLines lines;

    Closing(OutputFiles output, Transitions transitions, EndedLines lines) {
        this.output = output;
        this.transitions = transitions;
        this.lines = lines;
    }

    void finish(Batch batch, Lease lease) {
        // One that was cancelled before its input was taken has no lines, whatever was being taken.
        OutputFiles.Written written = batch.times().inProgress() == null ? NOTHING : output.write(batch);
        lease.runInTransaction(_ -> transitions.end(batch, written));
        forget(batch);
    }

    /// Drops what the files have.
    void forget(Batch batch) {
        lines.forget(batch);
    }
}
