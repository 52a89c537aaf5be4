/// One turn, start to finish, and OpenAI's chat completions and responses over it.
///
/// `Turn` gathers (memory, passages), generates, emits and settles; a `Face` tells it as one of the two APIs.
/// `ChatCompletionsResource`, `ResponsesResource` and `ResponseResource` are the HTTP edges, `BackgroundTurns` the
/// worker's. `EmbeddingTurn` is the turn of `/v1/embeddings`; `Lines` runs requests for features that have no client
/// waiting.
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
            "job",
            "postgres",
            "telemetry"
        })
@NullMarked
package dev.parley.chat;

import dev.parley.Feature;
import org.jspecify.annotations.NullMarked;
