/// The chat model that needs no key: it answers by quoting the passages it is given.
///
/// Not here: retries, fallbacks, prices and limits (`model`).
@NullMarked
package dev.parley.model.extractive;

import org.jspecify.annotations.NullMarked;
