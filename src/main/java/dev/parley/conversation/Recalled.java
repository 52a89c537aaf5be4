package dev.parley.conversation;

import org.jspecify.annotations.Nullable;

/// What a turn finds in its conversation.
///
/// @param overflow what is to be folded into the summary: see [Memory#fold]; null for nothing
public record Recalled(Remembered remembered, @Nullable Overflow overflow) {}
