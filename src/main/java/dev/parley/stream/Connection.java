package dev.parley.stream;

import dev.parley.invocation.Deadline;
import java.io.OutputStream;

/// What a stream is written to.
///
/// @param deadline of the invocation that brought the client's request: it is written no longer
/// @param cut breaks it off: called when the client takes nothing for too long
public record Connection(OutputStream out, Deadline deadline, Runnable cut) {}
