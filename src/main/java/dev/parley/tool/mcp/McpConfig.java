package dev.parley.tool.mcp;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// Tools for MCP clients, and those of remote MCP servers.
@ConfigMapping(prefix = "parley.mcp")
interface McpConfig {

    /// Origins of web pages that may use `/mcp` (`https://app.example.com`). Without it none may: a browser that
    /// was led here by a page of somebody else is refused, programs send no origin.
    Optional<Set<String>> allowedOrigins();

    /// How long a call of a remote server's tool may take, where the server has no limit of its own. Longer waits for
    /// slow tools, and holds a turn.
    @WithDefault("30s")
    Duration timeout();

    /// The longest limit that an admin can give a server.
    @WithDefault("5m")
    Duration maxTimeout();

    /// Tools of one remote server that are looked at. More serves larger servers; a model chooses worse among more.
    @WithDefault("128")
    int maxTools();

    /// Characters of a remote tool's description; what is longer is cut. All of it is paid with every turn that uses
    /// the tool, and is room for whatever its author wants a model to do.
    @WithDefault("2000")
    int maxDescription();

    /// Size of a remote tool's schema; a tool with a larger one is left out.
    @WithDefault("16K")
    MemorySize maxSchema();
}
