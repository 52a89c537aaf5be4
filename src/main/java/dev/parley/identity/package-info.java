/// Who is calling: tenants, API keys, callers and their scopes.
///
/// Every request carries `Authorization: Bearer <key>`; [Callers#current()] tells a resource who sent it. Resources
/// say which scope they need with `@RolesAllowed(Scopes.…)`. Keys are 256 random bits, shown once and kept as SHA-256.
///
/// Guarantees: a revoked or expired key, or one of a suspended tenant, stops working within ten seconds everywhere;
/// a key's last use is written at most once a minute.
///
/// Not here: what a caller may spend (`usage`).
@Feature(allowedDependencies = {"postgres", "idempotency"})
@NullMarked
package dev.parley.identity;

import dev.parley.Feature;
import org.jspecify.annotations.NullMarked;
