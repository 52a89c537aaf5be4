/// What an operator sees of a request: its id in the answer and in every log line.
///
/// Not here: what features log. They never log message text, document text or keys at INFO.
@Feature
@NullMarked
package dev.parley.telemetry;

import dev.parley.Feature;
import org.jspecify.annotations.NullMarked;
