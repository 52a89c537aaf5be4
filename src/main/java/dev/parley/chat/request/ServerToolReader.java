package dev.parley.chat.request;

import dev.parley.api.JsonField;
import dev.parley.chat.ServerTools;
import dev.parley.tool.ToolCalls;
import dev.parley.tool.ToolInfo;
import dev.parley.tool.ToolSelection;
import dev.parley.tool.Tools;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads which tools of this side a request may use: by name under `parley`, or as OpenAI's tools of type `mcp`, by the
/// label of their server.
public final class ServerToolReader {

    private static final int MAX_NAME = 64;
    private static final int MAX_CALLS = 1000;
    private static final String SEPARATOR = "__";

    private ServerToolReader() {}

    /// @param mostCalls the parameter that bounds them
    /// @param decisions about calls that wait
    public static ServerTools read(
            ToolSelection selection, Optional<JsonField> mostCalls, List<ToolCalls.Decision> decisions) {
        Integer most = mostCalls.map(field -> field.integer(1, MAX_CALLS)).orElse(null);
        return new ServerTools(selection, most, decisions, Tools.NONE);
    }

    /// `parley.tools`.
    public static ToolSelection parley(Optional<JsonField> parley) {
        return parley.flatMap(field -> field.find("tools"))
                .map(ServerToolReader::names)
                .map(ToolSelection::named)
                .orElse(ToolSelection.NONE);
    }

    private static Set<String> names(JsonField tools) {
        var names = new HashSet<String>();
        tools.items(ToolReader.MAX_TOOLS).forEach(name -> names.add(name.text(MAX_NAME)));
        return names;
    }

    /// A tool of type `mcp`: what an admin has registered. Who a request could send where is not for it to say.
    public static ToolSelection mcp(JsonField tool) {
        for (String unserved : Set.of("server_url", "connector_id", "authorization", "headers")) {
            tool.find(unserved).ifPresent(field -> {
                throw field.unsupported(
                        "servers are registered by an admin (POST /v1/mcp_servers) and named by 'server_label'.");
            });
        }
        tool.allowOnly(Set.of("type", "server_label", "server_description", "allowed_tools", "require_approval"));
        tool.find("require_approval").ifPresent(approval -> {
            if (!approval.value().asText().equals("never")) {
                throw approval.unsupported("which tools need an approval is said where they are registered.");
            }
        });
        String label = tool.get("server_label").text(MAX_NAME);
        return tool.find("allowed_tools")
                .map(allowed -> ToolSelection.named(ofServer(label, names(allowed))))
                .orElseGet(() -> new ToolSelection(Set.of(), Set.of(label)));
    }

    private static Set<String> ofServer(String label, Set<String> names) {
        var full = new HashSet<String>();
        names.forEach(name -> full.add(
                label.equals(ToolInfo.OWN) || name.startsWith(label + SEPARATOR) ? name : label + SEPARATOR + name));
        return full;
    }
}
