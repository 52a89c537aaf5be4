/// Google's Gemini models.
///
/// Not here: retries, fallbacks, prices and limits (`model`).
@NullMarked
package dev.parley.model.gemini;

import org.jspecify.annotations.NullMarked;
