/// One turn, start to finish, and OpenAI's chat completions over it.
///
/// `Turn` gathers (memory, passages), generates, emits and settles; `ChatCompletionsResource` is the HTTP edge.
///
/// Not here: models and their failures (`model`), search (`knowledge`), stored items (`conversation`).
@Feature(
        allowedDependencies = {
            "identity",
            "model",
            "knowledge",
            "conversation",
            "usage",
            "idempotency",
            "stream",
            "postgres",
            "telemetry"
        })
@NullMarked
package dev.parley.chat;

import dev.parley.Feature;
import org.jspecify.annotations.NullMarked;
