package dev.parley.function;

import java.time.Instant;
import java.util.Optional;

/// One piece of work from the Runtime API.
///
/// @param traceId the X-Ray trace this invocation belongs to, as `X-Amzn-Trace-Id` writes it
/// @param end when Lambda kills the process, if the invocation is not over
record Invocation(String id, Optional<String> traceId, Instant end, byte[] event) {}
