package dev.parley.stream;

import dev.parley.stream.Delivery.Event;
import java.util.List;

/// What goes to the log in one statement.
///
/// @param first sequence number of the first event, or of the next one when there is none
/// @param lease numbers below it are wanted; 0 for no more than there are
record Flush(long first, List<Event> events, long lease) {

    /// One past the last.
    long next() {
        return first + events.size();
    }

    /// What became of it.
    enum Verdict {
        FLUSHED,
        /// Flushed too, and the turn should stop.
        CANCELLED,
        /// The turn is not this owner's any more, or has ended: nothing was written.
        LOST
    }
}
