/// What a turn says while it runs: to its client at once, and to a log from which anybody goes on.
///
/// [EventLogs] opens the [TurnEvents] of a turn and the [ClientStream] of a client that comes (back) to one;
/// [SseStreams] writes such a stream out. [EventLog] is the log in the database.
///
/// Guarantees: a sequence number has at most one content, for good; a client that resumes gets every event once, in
/// order, and is told which ones are lost; neither a client nor the database slows a turn down, but for an exhausted
/// lease of numbers; every buffer has a bound.
///
/// Not here: what the events say (`chat`), who owns a turn and when it is dead (`usage`).
@Feature(allowedDependencies = {"invocation", "job", "postgres", "usage"})
@NullMarked
package dev.parley.stream;

import dev.parley.Feature;
import org.jspecify.annotations.NullMarked;
