/// `POST /v1/embeddings`: a turn of one call, admitted, settled and told again like the others.
///
/// `EmbeddingReception` reads a request and has it admitted, `EmbeddingTurn` runs it. [EmbeddingLines] is the entry for
/// other features: requests without a client.
///
/// Not here: models and their limits (`model`), vectors of documents (`ingestion`, `knowledge`).
@NullMarked
package dev.parley.chat.embeddings;

import org.jspecify.annotations.NullMarked;
