package dev.parley.chat;

import dev.parley.invocation.Deadline;
import dev.parley.postgres.TenantId;

/// For whom a turn runs, and the id its request has in logs and receipts.
///
/// @param deadline by when the turn must have ended
public record Asker(TenantId tenant, String requestId, Deadline deadline) {}
