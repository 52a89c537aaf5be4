/// Conversations, their items, and what of them a turn remembers.
///
/// Memory is a token budget filled with whole turns, newest first; a tool call never stands without its result. What
/// no longer fits is folded into a running summary beside the items, which goes when an item it covers is deleted.
///
/// Not here: running a turn (`chat`).
@Feature(allowedDependencies = {"identity", "idempotency", "model", "postgres"})
@NullMarked
package dev.parley.conversation;

import dev.parley.Feature;
import org.jspecify.annotations.NullMarked;
