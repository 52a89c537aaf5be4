package dev.parley.job;

import java.time.Duration;

/// A task that is done now and then: deleting what has expired, reaping what died. Implement it as a bean, and the
/// [Housekeeper] finds it.
public interface Housekeeping {

    /// Names the task, for good: the database keeps its turns under it.
    String name();

    /// How long after a run's start the next one is due, over all processes together. Runs come up to a poll later or,
    /// where a schedule calls for them, somewhat early, and as rarely as hourly where the environment scales to
    /// zero.
    Duration interval();

    /// Does one batch of the work, a matter of seconds at most, and returns whether more is left: if so it is called
    /// again, at once for the rest of its turn and then at the next.
    ///
    /// Never runs twice at once, not in another process either, unless it hangs; still it must do no harm then. An
    /// exception ends the turn and is logged and counted; the next turn comes at its time. Runs on a virtual thread
    /// that is interrupted when a batch takes longer than two turns may.
    boolean run();
}
