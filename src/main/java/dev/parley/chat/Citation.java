package dev.parley.chat;

import dev.parley.knowledge.Hit;

/// A marker in an answer that names a passage.
///
/// @param number the passage's, as in `[2]`
/// @param start of the marker in the answer, in Unicode code points
/// @param end just after the marker
public record Citation(int number, Hit passage, int start, int end) {

    /// The same where something comes before the text.
    ///
    /// @param by code points
    public Citation moved(int by) {
        return new Citation(number, passage, start + by, end + by);
    }
}
