package dev.parley.egress;

import org.jspecify.annotations.Nullable;

/// @param type `message` unless the server says otherwise
/// @param data its lines, joined
/// @param id   the last id that the server gave, this event's or an earlier one's; null before the first
public record ServerSentEvent(
        String type, String data, @Nullable String id) {}
