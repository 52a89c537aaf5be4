/// From a file to searchable chunks: parse, chunk, embed, index, each stage checkpointed and retried on its own.
///
/// [S3Events] keeps vector stores like the prefixes of buckets that are bound to them.
/// A [Source] is a place outside (a bucket's prefix, a sitemap, a feed, a list of URLs) whose documents a vector store
/// has: [DueSources] begins its runs, [SourceHandler] works on them. What has not changed costs nothing, what is
/// gone is removed, and a listing that fails removes nothing.
///
/// Guarantees: killed anywhere, an ingestion goes on from its last checkpoint and leaves no duplicate chunk; a bad
/// file ends `failed` with a reason that helps and never takes the process down; unchanged content is embedded once.
///
/// Not here: where chunks and indexes live and how they are searched (`knowledge`); leases and retries (`job`).
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
