package dev.parley.chat;

import io.quarkus.runtime.annotations.RegisterForReflection;

/// An answer as the cache holds it.
///
/// @param model the alias that answered
@RegisterForReflection
record CachedAnswer(String model, String provider, String text) {}
