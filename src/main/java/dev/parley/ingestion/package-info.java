/// From a file to searchable chunks: parse, chunk, embed, index, each stage checkpointed and retried on its own.
///
/// Guarantees: killed anywhere, an ingestion goes on from its last checkpoint and leaves no duplicate chunk; a bad
/// file ends `failed` with a reason that helps and never takes the process down; unchanged content is embedded once.
///
/// Not here: what comes from outside by itself (`ingestion.source`); where chunks and indexes live and how they are
/// searched (`knowledge`); leases and retries (`job`).
@Feature(
        allowedDependencies = {
            "aws",
            "egress",
            "idempotency",
            "invocation",
            "job",
            "knowledge",
            "model",
            "identity",
            "usage",
            "postgres",
            "telemetry"
        })
@NullMarked
package dev.parley.ingestion;

import dev.parley.Feature;
import org.jspecify.annotations.NullMarked;
