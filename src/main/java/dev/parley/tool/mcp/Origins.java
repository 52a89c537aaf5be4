package dev.parley.tool.mcp;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Web pages that may use `/mcp`. A page of anybody can have its visitor's browser connect to a server in the visitor's
/// network, by a name that leads there from one moment to the next; the origin is what such a page cannot forge. Pages
/// of the visitor's own machine are not somebody else's.
@ApplicationScoped
class Origins {

    private static final Pattern OWN_MACHINE =
            Pattern.compile("https?://(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d{1,5})?");

    private final Set<String> allowed;

    Origins(McpConfig config) {
        this.allowed = config.allowedOrigins().orElse(Set.of());
    }

    /// @param origin the header; programs send none
    /// @throws RpcFailure (403) if it is not allowed
    void check(@Nullable String origin) {
        if (origin != null
                && !allowed.contains(origin)
                && !OWN_MACHINE.matcher(origin).matches()) {
            throw RpcFailure.http(403, RpcFailure.INVALID_REQUEST, "Web pages of this origin may not use this server.");
        }
    }
}
