package dev.parley.conversation;

import java.util.UUID;

/// An item ready to be written: what takes time is done before the conversation is locked.
///
/// @param turn items of one turn are remembered or forgotten together
/// @param tokens as budgets count them
/// @param content encoded
public record NewItem(UUID turn, String role, int tokens, byte[] content) {}
