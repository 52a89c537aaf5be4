package dev.parley.job;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.invocation.Deadline;

/// Does what an event from outside asks for: a queue's message. Implement it as a bean, and functions find it.
///
/// Messages come at least once, in any order: handling one again does no harm.
public interface EventHandler {

    /// Whether this handler is for such messages; at most one is.
    boolean handles(JsonNode body);

    /// Handles a message. Returning is its end; an exception gives it back to its queue, which hands it out again, and
    /// in the end moves it to its dead letters.
    ///
    /// @param deadline by when it must have returned
    void handle(JsonNode body, Deadline deadline) throws Exception;
}
