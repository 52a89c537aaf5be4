package dev.parley.tool.mcp;

import io.quarkus.runtime.annotations.RegisterForReflection;

/// Who answers, for people.
@RegisterForReflection
record ServerInfo(String name, String title, String version) {}
