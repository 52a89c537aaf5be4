package dev.parley.stream;

import java.util.List;

/// What the log of a turn has after some event, and where the turn stood at that moment.
///
/// @param over whether the turn has ended: nothing will be added
/// @param overdue whether its owner's lease has run out
/// @param leasedSequence the first number that no owner may use
/// @param events in order; empty when there are none yet
public record LogPage(boolean over, boolean overdue, long leasedSequence, List<Delivery.Event> events) {}
