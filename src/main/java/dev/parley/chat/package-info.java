/// One turn, start to finish, whichever of OpenAI's APIs asks.
///
/// `Turn` gathers (memory, passages), generates, emits and settles. A [Face] tells it as one API does; each has a
/// package below this one (`chat.completions`, `chat.responses`) with its HTTP edge. `chat.embeddings` is a turn of
/// one call. A face has its requests admitted by [Reception], and shows them on the [Stage].
///
/// Dependencies point one way: faces use this package and `chat.request`, never each other; nothing here knows a face.
/// Other features run requests through the faces' lines (`CompletionLines`, `ResponseLines`, `EmbeddingLines`).
///
/// Not here: models and their failures (`model`), search (`knowledge`), stored items (`conversation`).
@Feature(
        allowedDependencies = {
            "identity",
            "model",
            "knowledge",
            "prompt",
            "conversation",
            "usage",
            "invocation",
            "tool",
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
