/// Anthropic's Messages API, streams included.
///
/// A small client of its own over `ProviderHttp`, without an SDK: see `docs/design/decisions.md`. Messages are read
/// and written as JSON trees, so nothing here needs reflection.
///
/// Not here: retries, fallbacks, prices and limits (`model`).
@NullMarked
package dev.parley.model.anthropic;

import org.jspecify.annotations.NullMarked;
