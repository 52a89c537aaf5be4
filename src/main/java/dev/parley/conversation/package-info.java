/// Conversations, their items, and what of them a turn remembers.
///
/// Memory is a token budget filled with whole turns, newest first; a tool call never stands without its result.
///
/// Not here: running a turn (`chat`).
@Feature(allowedDependencies = {"identity", "idempotency", "model", "postgres"})
@NullMarked
package dev.parley.conversation;

import dev.parley.Feature;
import org.jspecify.annotations.NullMarked;
