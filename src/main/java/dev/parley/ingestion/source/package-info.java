/// Places outside whose documents vector stores have.
///
/// A [Source] is a bucket's prefix, a sitemap, a feed or a list of URLs: [DueSources] begins its runs, [SourceHandler]
/// works on them, [S3Events] hears of single objects between them. What has not changed costs nothing, what is gone is
/// removed, and a listing that fails removes nothing.
///
/// Guarantees: killed anywhere, a run goes on from its last step; searches find a document's old file until the new one
/// is indexed, never both and never neither; a host is asked as a good guest asks, robots.txt included.
///
/// Not here: from a file to its chunks (`ingestion`), where files are kept (`knowledge`).
@NullMarked
package dev.parley.ingestion.source;

import org.jspecify.annotations.NullMarked;
