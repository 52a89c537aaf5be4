package dev.parley.model;

/// What a chat model can do besides text.
public enum Capability {
    TOOLS,
    JSON,
    VISION
}
