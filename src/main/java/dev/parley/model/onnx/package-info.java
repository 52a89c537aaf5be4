/// The embedding model that needs no key: it runs in this process.
///
/// Not here: retries, fallbacks, prices and limits (`model`).
@NullMarked
package dev.parley.model.onnx;

import org.jspecify.annotations.NullMarked;
