/// Replay-safe requests: what an `Idempotency-Key` means.
///
/// [IdempotencyKey] reads the header and hashes the request. A key belongs to its caller and lives for 24 hours; the
/// same key with the same request gets the first one's answer, with another request a 422. [Idempotent] on a resource
/// method is all that a write needs.
///
/// Guarantees: claim, effect and stored answer are one transaction, so there is never one without the others; a
/// request that failed leaves nothing, and a retry runs.
///
/// Not here: keys of turns, which are claimed with their admission (`usage`), and old keys, which go with old turns.
@Feature(allowedDependencies = "postgres")
@NullMarked
package dev.parley.idempotency;

import dev.parley.Feature;
import org.jspecify.annotations.NullMarked;
