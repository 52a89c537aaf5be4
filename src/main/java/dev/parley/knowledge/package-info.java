/// Files, vector stores, chunks, the indexes over them, and search.
///
/// [Search] finds the chunks that answer a query: dense (pgvector), lexical (BM25) or both fused, always k where k
/// exist. [Attachments] and [Chunks] are what ingestion writes through; knowledge asks for ingestion through
/// [IngestionQueue], which `ingestion` implements.
///
/// Guarantees: a chunk is found only once its file is completely indexed; deleting a file removes its chunks in the
/// same transaction; an expired one is not found from that moment on and deleted by housekeeping soon after.
///
/// Not here: parsing, chunking and embedding documents (`ingestion`).
@Feature(
        allowedDependencies = {
            "aws",
            "identity",
            "idempotency",
            "invocation",
            "job",
            "model",
            "postgres",
            "telemetry",
            "usage"
        })
@NullMarked
package dev.parley.knowledge;

import dev.parley.Feature;
import org.jspecify.annotations.NullMarked;
