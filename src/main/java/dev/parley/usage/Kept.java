package dev.parley.usage;

import java.util.UUID;

/// An item that a turn leaves in its conversation.
///
/// @param turn items of one turn are remembered or forgotten together
/// @param content encoded
public record Kept(UUID turn, String role, int tokens, byte[] content) {}
