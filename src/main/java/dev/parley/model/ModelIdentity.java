package dev.parley.model;

import org.jspecify.annotations.Nullable;

/// Who answers by an alias: another one after the alias was given another model or another provider. Prices, time-outs
/// and limits are not part of it.
///
/// @param provider its name in the catalog
/// @param type the protocol
/// @param baseUrl null for the vendor's own address
/// @param name the provider's own name of the model
public record ModelIdentity(
        String provider, String type, @Nullable String baseUrl, String name) {}
