package dev.parley.chat;

import dev.parley.identity.Caller;

/// A request that nobody waits for.
///
/// @param key names it for good: run again under the same key it gets the outcome of the first time
/// @param body JSON
/// @param requestId in logs and receipts
public record LineRequest(Caller caller, String key, byte[] body, String requestId) {}
