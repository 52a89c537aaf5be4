package dev.parley.function;

import java.util.List;

/// What a process is. One binary is all of them; each function has routes and events of its own, so that each can
/// have its own rights, size and concurrency.
enum FunctionName {
    /// Turns, conversations, prompts, and the management of it all: every route that is nobody else's.
    CHAT,
    /// Documents: files, vector stores, batches, sources.
    INGEST("/v1/files", "/v1/uploads", "/v1/vector_stores", "/v1/batches", "/v1/sources", "/v1/dead_letters"),
    /// Tools, and MCP.
    TOOLS("/v1/tools", "/v1/tool_calls", "/v1/tool_secrets", "/v1/mcp_servers", "/mcp"),
    /// Jobs and housekeeping: no routes.
    WORKER,
    /// The schema: no routes.
    MIGRATE,
    /// Everything: a server, on a laptop or in a container.
    ALL;

    /// What every process has: health, metrics.
    private static final String OPERATIONS = "/q";

    private final List<String> routes;

    FunctionName(String... routes) {
        this.routes = List.of(routes);
    }

    /// Whose routes those below are: the first segments of their paths.
    List<String> routes() {
        return routes;
    }

    /// Whether queues call it.
    boolean takesMessages() {
        return this == INGEST || this == WORKER || this == ALL;
    }

    boolean answers(String path) {
        return this == ALL || owns(OPERATIONS, path) || this == ofRoute(path);
    }

    /// Whose route a path is.
    static FunctionName ofRoute(String path) {
        for (FunctionName each : List.of(INGEST, TOOLS)) {
            if (each.routes.stream().anyMatch(route -> owns(route, path))) {
                return each;
            }
        }
        return CHAT;
    }

    private static boolean owns(String route, String path) {
        return path.startsWith(route) && (path.length() == route.length() || path.charAt(route.length()) == '/');
    }
}
