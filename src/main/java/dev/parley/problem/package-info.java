/// Failures a client is told about.
///
/// A feature throws a [Problem], or a subclass that names its own failure; one mapper turns it into OpenAI's error
/// envelope `{"error":{"message","type","param","code"}}` with the right status. Whatever is not a `Problem` becomes
/// a plain 500: no stack trace, SQL text or class name ever leaves the process. An answer that has begun is
/// [BrokenOff].
///
/// Not here: retrying and fallback of provider calls (`model`).
@Feature
@NullMarked
package dev.parley.problem;

import dev.parley.Feature;
import org.jspecify.annotations.NullMarked;
