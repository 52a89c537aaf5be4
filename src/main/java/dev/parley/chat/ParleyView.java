package dev.parley.chat;

import io.quarkus.runtime.annotations.RegisterForReflection;

/// What Parley adds to OpenAI's answer.
@RegisterForReflection
public record ParleyView(Receipt receipt) {}
