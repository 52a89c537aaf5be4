/// Models by alias: catalog, routing, fallback, retries, prices; every provider behind the same few calls.
///
/// [ChatModels] generates and streams, [EmbeddingModels] embeds. LangChain4j's `ChatRequest` and `ChatResponse` are
/// the neutral types; a vendor's own types stay in its sub-package (`model.openai`, `model.gemini`,
/// `model.extractive`, `model.onnx`), the only importer of its SDK.
///
/// Guarantees: every call is timed out; failures are typed [ModelFailure]s; retries and fallbacks end with the first
/// streamed token; each provider call is an [Attempt] in the result.
///
/// Not here: what a turn puts into a request (`chat`), who pays for it (`usage`).
@Feature(allowedDependencies = {"aws", "telemetry", "postgres", "identity"})
@NullMarked
package dev.parley.model;

import dev.parley.Feature;
import org.jspecify.annotations.NullMarked;
