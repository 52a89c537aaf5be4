package dev.parley.function;

import java.util.Optional;

/// One piece of work from the Runtime API.
///
/// @param traceId the X-Ray trace this invocation belongs to, as `X-Amzn-Trace-Id` writes it
record Invocation(String id, Optional<String> traceId, byte[] event) {}
