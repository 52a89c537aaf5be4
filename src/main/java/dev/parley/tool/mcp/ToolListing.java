package dev.parley.tool.mcp;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.tool.Tool;
import dev.parley.tool.ToolInfo;
import dev.parley.tool.Toolbox;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `tools/list`: what the caller may call, by name.
@ApplicationScoped
class ToolListing {

    private static final int PAGE = 100;

    private final Toolbox toolbox;

    ToolListing(Toolbox toolbox) {
        this.toolbox = toolbox;
    }

    /// @param ttlMs how long a client may keep it; null in revisions that do not know it
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Listing(
            List<Listed> tools,
            @Nullable String nextCursor,
            @Nullable Integer ttlMs,
            @Nullable String cacheScope) {

        /// It is another caller's list that another caller gets, and admins change it at any time.
        Listing cacheable() {
            return new Listing(tools, nextCursor, 0, "private");
        }
    }

    @RegisterForReflection
    record Listed(String name, String description, JsonNode inputSchema, Hints annotations) {

        static Listed of(ToolInfo info) {
            return new Listed(
                    info.name(),
                    info.description(),
                    MirroredArguments.without(info.parameters()),
                    Hints.of(info.traits()));
        }
    }

    /// A tool with effects may do anything, and again each time.
    @RegisterForReflection
    record Hints(boolean readOnlyHint, boolean destructiveHint, boolean idempotentHint) {

        static Hints of(ToolInfo.Traits traits) {
            return new Hints(!traits.effects(), traits.effects(), !traits.effects());
        }
    }

    Listing list(McpExchange exchange) {
        JsonNode cursor = exchange.request().params().path("cursor");
        String after = cursor.isMissingNode() || cursor.isNull() ? "" : decoded(cursor);
        List<ToolInfo> rest = toolbox.all(exchange.caller()).stream()
                .map(Tool::info)
                .filter(info -> info.name().compareTo(after) > 0)
                .limit(PAGE + 1L)
                .toList();
        List<Listed> page = rest.stream().limit(PAGE).map(Listed::of).toList();
        return new Listing(page, rest.size() > PAGE ? encoded(page.getLast().name()) : null, null, null);
    }

    private static String encoded(String name) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(JsonNode cursor) {
        try {
            String name = new String(Base64.getUrlDecoder().decode(cursor.textValue()), StandardCharsets.UTF_8);
            if (name.matches("[a-zA-Z0-9_-]{1,64}")) {
                return name;
            }
        } catch (IllegalArgumentException | NullPointerException notOurs) {
            // told below
        }
        throw RpcFailure.of(RpcFailure.INVALID_PARAMS, "'cursor' is not one that this server gave.");
    }
}
