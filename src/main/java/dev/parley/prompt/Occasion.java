package dev.parley.prompt;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The turn that a prompt is for, as far as that decides its version.
///
/// @param conversation it belongs to, if any
/// @param previous the turn whose answer it continues, if any
/// @param user the end user, if known
public record Occasion(
        UUID turn,
        @Nullable UUID conversation,
        @Nullable UUID previous,
        @Nullable String user) {}
