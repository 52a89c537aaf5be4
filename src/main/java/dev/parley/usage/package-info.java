/// What may be spent and what was: admission, reservation, settlement, the ledger.
///
/// [Admissions] lets paid work in, or refuses it: idempotency, rates and budgets in one round trip. [TurnSpend] pays
/// for it, [Settlements] ends it, [Turns] finds it again; [Purses] does all of it for embeddings outside turns.
/// `/v1/budgets`, `/v1/rate_limits` and `/v1/usage` are the views.
///
/// Guarantees: what is reserved covers what may be spent; each turn is settled once, by its owner or, when that died,
/// by whoever finds it; ledger, receipts and budgets add up to the micro-dollar.
///
/// Not here: what a turn does (`chat`), what a call costs (`model`).
@Feature(allowedDependencies = {"invocation", "identity", "model", "idempotency", "job", "postgres", "telemetry"})
@NullMarked
package dev.parley.usage;

import dev.parley.Feature;
import org.jspecify.annotations.NullMarked;
