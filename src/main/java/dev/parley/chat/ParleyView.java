package dev.parley.chat;

import io.quarkus.runtime.annotations.RegisterForReflection;

/// What Parley adds to OpenAI's answer.
@RegisterForReflection
record ParleyView(Receipt receipt) {}
