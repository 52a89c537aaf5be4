package dev.parley.job;

import dev.parley.problem.Problem;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// An attempt that failed: where, and why in words that help a person. Handlers throw it where they know more than
/// the exception at hand.
public class JobFailure extends RuntimeException {

    private static final String UNKNOWN_STAGE = "run";

    private final String stage;
    private final String reason;
    private final boolean retriable;

    /// @param reason shown to the tenant: no secrets, no class names
    /// @param retriable false when the same attempt could only fail again
    protected JobFailure(String stage, String reason, boolean retriable, @Nullable Throwable cause) {
        super(stage + ": " + reason, cause);
        this.stage = stage;
        this.reason = reason;
        this.retriable = retriable;
    }

    /// No attempt can succeed: the job goes to the dead letters at once.
    public static JobFailure permanent(String stage, String reason) {
        return new JobFailure(stage, reason, false, null);
    }

    /// Another attempt may succeed. What a client may be told about the cause becomes the reason.
    public static JobFailure passing(String stage, Throwable cause) {
        String reason = cause instanceof Problem problem
                ? problem.getMessage()
                : "The server had an error while processing this job.";
        return new JobFailure(stage, reason, true, cause);
    }

    static JobFailure of(Throwable failure) {
        return failure instanceof JobFailure known ? known : passing(UNKNOWN_STAGE, failure);
    }

    static JobFailure stalled(String stage, Duration limit) {
        return new JobFailure(
                stage,
                "There was no progress for %d seconds, so the attempt was given up.".formatted(limit.toSeconds()),
                true,
                null);
    }

    static JobFailure outOfTime() {
        return new JobFailure(UNKNOWN_STAGE, "The job got nowhere in the time that its function may run.", true, null);
    }

    static JobFailure abandoned(int attempts) {
        return permanent(
                UNKNOWN_STAGE, "The worker stopped before the job was done, %d times in a row.".formatted(attempts));
    }

    public String stage() {
        return stage;
    }

    public String reason() {
        return reason;
    }

    public boolean isRetriable() {
        return retriable;
    }
}
