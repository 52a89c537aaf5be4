package dev.parley.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;

/// A model as OpenAI's API shows it.
///
/// @param created a fixed time: models here come from configuration and have none
@RegisterForReflection
record ModelView(
        String id,
        String object,
        long created,
        @JsonProperty("owned_by") String ownedBy) {

    private static final long CONFIGURED = 1_735_689_600;

    static ModelView of(String alias, String provider) {
        return new ModelView(alias, "model", CONFIGURED, provider);
    }
}
