package dev.parley.chat;

import dev.parley.usage.Lease;
import dev.parley.usage.TurnSpend;
import java.util.function.Consumer;

/// What a turn has at hand while it generates.
///
/// @param listener hears what happens, in order
record Progress(Lease lease, TurnSpend spend, Consumer<TurnEvent> listener) {}
