package dev.parley.stream;

/// What a client gets next from its stream.
public sealed interface Delivery {

    /// @param sequence counts from 0, without holes
    /// @param frame as the client reads it: one or more server-sent events, each with its empty line
    /// @param last whether it ends the stream
    record Event(long sequence, String frame, boolean last) implements Delivery {}

    /// Something without a number, which no other client gets.
    record Notice(String frame) implements Delivery {}

    /// These were never written down, because the database was away for too long. Later ones may follow.
    ///
    /// @param next one past the last
    record Lost(long first, long next) implements Delivery {}

    /// The log has no end, though its turn has ended: its owner died, or the log has expired. Nothing follows.
    ///
    /// @param sequence of the event that says so: never used for another
    /// @param lastDurable sequence number of the last event in the log; -1 for none
    record Unfinished(long sequence, long lastDurable) implements Delivery {}

    /// Nothing for now: time for a heartbeat.
    record Silence() implements Delivery {}

    /// Nothing will follow.
    record End() implements Delivery {}
}
