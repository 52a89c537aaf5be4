/// The queue: work that must happen once, later, whatever happens to the process.
///
/// A feature implements [JobHandler] for its kind of job and adds jobs with [Jobs#add] inside its own transaction.
/// Workers, some for each [Workload], claim jobs with a lease; a handler that dies is followed by another when the
/// lease ends, and every commit of a handler is fenced by its [Lease].
///
/// Guarantees: a committed job runs, a rolled-back one never; a job that keeps failing ends in the dead letters with
/// its stage and reason, visible and re-drivable at `/v1/dead_letters`, and blocks no other.
///
/// Where functions do the work, a queue's message calls one for each job that was added ([Doorbell]); an
/// [EventHandler] is a feature's part in that and other messages.
///
/// A feature implements [Housekeeping] for what must be tidied now and then; the [Housekeeper] runs each task about
/// once per interval over all processes.
///
/// Not here: what a job or a task does (its feature).
@Feature(allowedDependencies = {"aws", "invocation", "identity", "postgres", "telemetry"})
@NullMarked
package dev.parley.job;

import dev.parley.Feature;
import org.jspecify.annotations.NullMarked;
