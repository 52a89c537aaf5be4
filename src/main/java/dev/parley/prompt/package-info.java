/// Prompts with immutable numbered versions, labels that move between them, and what people think of the answers.
///
/// [PromptUses] finds the version that a turn is to use and fills in its variables; a [RenderedPrompt] is what the
/// turn gets. `/v1/prompts` makes versions and moves labels, `/v1/responses/{id}/feedback` takes opinions.
///
/// Guarantees: a version never changes, and numbers have no gaps; a turn with a prompt costs one round trip more,
/// one without none; a sticky key keeps its version while a split stands, and a split that changes moves no more
/// keys than its difference; a conversation stays with the version it began with, also when two of its turns begin
/// at once.
///
/// Not here: what a turn does with a prompt (`chat`), whether its tools and vector stores exist (theirs).
@Feature(allowedDependencies = {"identity", "model", "idempotency", "job", "postgres"})
@NullMarked
package dev.parley.prompt;

import dev.parley.Feature;
import org.jspecify.annotations.NullMarked;
