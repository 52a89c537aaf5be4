/// What every endpoint shares: OpenAI's list pages, deletions and `metadata`, reading a body field by field so that a
/// failure names its path ([JsonField]), and limits on a body's length.
///
/// Like `problem`, any feature may use it. Not here: errors (`problem`), the ids inside (each feature's own).
@Feature
@NullMarked
package dev.parley.api;

import dev.parley.Feature;
import org.jspecify.annotations.NullMarked;
