package dev.parley.usage;

import dev.parley.model.Bound;
import dev.parley.postgres.TenantId;
import java.util.UUID;

/// An admitted turn in the hands of its owner.
///
/// @param token fences every change: who has another one owns the turn no longer
/// @param model the alias whose first attempt is recorded
/// @param reserved at admission
public record Ticket(TenantId tenant, UUID turn, UUID token, String model, Bound reserved) {}
