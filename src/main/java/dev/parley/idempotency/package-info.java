/// Replay-safe requests: what an `Idempotency-Key` means.
///
/// [IdempotencyKey] reads the header and hashes the request. A key belongs to its caller and lives for 24 hours; the
/// same key with the same request gets the first one's answer, with another request a 422.
///
/// Not here: keys of turns, which are claimed with their admission (`usage`).
@Feature(allowedDependencies = {"postgres", "identity"})
@NullMarked
package dev.parley.idempotency;

import dev.parley.Feature;
import org.jspecify.annotations.NullMarked;
