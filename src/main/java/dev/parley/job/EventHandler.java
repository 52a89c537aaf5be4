package dev.parley.job;

import com.fasterxml.jackson.databind.JsonNode;

/// What a feature does about an event from outside, as it came in one message of a queue: a bean of the feature.
///
/// A message comes at least once, and others may overtake it: handling one again, or late, must do no harm.
public interface EventHandler {

    /// Whether a message with this body is this handler's. Of all handlers at most one says so.
    boolean handles(JsonNode body);

    /// Does what the event asks for. When it returns, the message is done with and does not come again.
    ///
    /// @throws Exception when it could not be done: the message comes again, and in the end goes to the dead
    // letters
    /// of its queue
    void handle(JsonNode body) throws Exception;
}
