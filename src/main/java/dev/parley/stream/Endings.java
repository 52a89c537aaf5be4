package dev.parley.stream;

/// How an API tells what a log cannot. Returns frames like those of [Delivery.Event].
public interface Endings {

    /// Events that the client will never get. The frame carries no sequence number.
    String lost(Delivery.Lost lost);

    /// The last frame of a turn that left none, with the sequence number that is given. Must be the same whenever it
    /// is asked for.
    String unfinished(Delivery.Unfinished unfinished);
}
