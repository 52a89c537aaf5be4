package dev.parley.chat;

import dev.parley.postgres.TenantId;

/// For whom a turn runs, and the id its request has in logs and receipts.
public record Asker(TenantId tenant, String requestId) {}
