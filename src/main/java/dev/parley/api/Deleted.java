package dev.parley.api;

import io.quarkus.runtime.annotations.RegisterForReflection;

/// OpenAI's answer to a DELETE.
@RegisterForReflection
public record Deleted(String id, String object, boolean deleted) {}
