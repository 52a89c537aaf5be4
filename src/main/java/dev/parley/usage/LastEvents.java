package dev.parley.usage;

/// A turn's last events, which become readable with its outcome.
///
/// @param first sequence number
/// @param next one past the last
/// @param events encoded
public record LastEvents(long first, long next, byte[] events) {}
