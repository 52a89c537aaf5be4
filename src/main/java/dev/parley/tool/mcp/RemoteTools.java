package dev.parley.tool.mcp;

import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.tool.Tool;
import dev.parley.tool.ToolInfo;
import dev.parley.tool.ToolSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/// The tools of a tenant's remote servers, as they were accepted: from one query, without a word to any server.
@ApplicationScoped
class RemoteTools implements ToolSource {

    static final String USABLE = """
            SELECT s.*, t.name, t.tool_name, t.accepted
              FROM mcp_tools t JOIN mcp_servers s ON s.tenant_id = t.tenant_id AND s.label = t.label
             WHERE t.tenant_id = ? AND t.accepted IS NOT NULL AND t.offered IS NOT NULL
               AND (s.allowed_tools IS NULL OR t.name = ANY (s.allowed_tools))""";

    static final String NAMED = USABLE + " AND t.tool_name = ANY (?)";

    private final Transactions transactions;
    private final RemoteServers servers;
    private final PinnedTools pinned;
    private final RemoteClient client;
    private final McpConfig config;

    RemoteTools(
            Transactions transactions,
            RemoteServers servers,
            PinnedTools pinned,
            RemoteClient client,
            McpConfig config) {
        this.transactions = transactions;
        this.servers = servers;
        this.pinned = pinned;
        this.client = client;
        this.config = config;
    }

    @Override
    public List<Tool> all(TenantId tenant) {
        return transactions.list(tenant, USABLE, row -> map(tenant, row), tenant);
    }

    @Override
    public List<Tool> named(TenantId tenant, Set<String> names) {
        List<String> remote = names.stream().filter(RemoteNames::isRemote).toList();
        return remote.isEmpty() ? List.of() : transactions.list(tenant, NAMED, row -> map(tenant, row), tenant, remote);
    }

    private Tool map(TenantId tenant, ResultSet row) throws SQLException {
        RemoteServer server = servers.server(tenant, row);
        String name = row.getString("name");
        Definition definition = pinned.definition(tenant, row.getBytes("accepted"));
        var info = new ToolInfo(
                row.getString("tool_name"),
                definition.description(),
                MirroredArguments.without(definition.parameters()),
                server.policy().traits(name),
                server.timeoutOr(config.timeout()),
                server.label());
        return new RemoteTool(info, server, new RemoteTool.Remote(name, definition), client);
    }
}
