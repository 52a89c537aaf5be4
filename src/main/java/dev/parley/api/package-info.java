/// Shapes that every endpoint shares, as OpenAI's API has them: list pages and deletions.
///
/// Like `problem`, any feature may use it. Not here: errors (`problem`), the ids inside (each feature's own).
@Feature
@NullMarked
package dev.parley.api;

import dev.parley.Feature;
import org.jspecify.annotations.NullMarked;
