package dev.parley.chat;

import java.util.function.LongFunction;

/// Where the events of a streamed turn go, as the text that clients get.
public interface Frames {

    /// @param frame the text of the event with this sequence number
    void send(LongFunction<String> frame);
}
