package dev.parley.chat;

import dev.parley.postgres.Json;
import io.quarkus.runtime.annotations.RegisterForReflection;

/// An answer as the cache holds it.
///
/// @param model the alias that answered
@RegisterForReflection
record CachedAnswer(String model, String provider, String text) {

    static CachedAnswer decode(Json json, String encoded) {
        return json.read(encoded, CachedAnswer.class);
    }
}
