/// The invocations that a process serves where it lives by them, as on AWS Lambda: each has a [Deadline], and is not
/// over before the work that was begun under it.
///
/// Work that may outlast the answer to its request (a turn whose client left, a job) begins under the deadline of its
/// invocation: `Deadlines.of` a request, or the lease of its job. It is told when time is up, and the invocation waits
/// for its end. What must leave the process before it is frozen implements [BeforeFreeze].
///
/// A plain server has no deadline: [Deadline#NONE].
///
/// Not here: where invocations come from (`function`).
@Feature(allowedDependencies = "telemetry")
@NullMarked
package dev.parley.invocation;

import dev.parley.Feature;
import org.jspecify.annotations.NullMarked;
