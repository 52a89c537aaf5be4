package dev.parley.tool.mcp;

import dev.parley.postgres.ContentCodec;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The tools of registered servers, as they were accepted and as they are offered. Servers change what they say after
/// somebody has looked at it; what they change is not used before somebody has looked again.
@ApplicationScoped
class PinnedTools {

    private static final String SELECT = """
            SELECT name, tool_name, accepted, accepted_hash, offered, offered_hash FROM mcp_tools
             WHERE tenant_id = ? AND label = ?""";

    private static final String OFFER = """
            INSERT INTO mcp_tools (tenant_id, label, name, tool_name, accepted, accepted_hash, offered, offered_hash)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (tenant_id, label, name) DO UPDATE
               SET offered = excluded.offered, offered_hash = excluded.offered_hash""";

    private static final List<String> WITHDRAW = List.of(
            "DELETE FROM mcp_tools WHERE tenant_id = ? AND label = ? AND name <> ALL (?) AND accepted IS NULL",
            "UPDATE mcp_tools SET offered = NULL, offered_hash = NULL WHERE tenant_id = ? AND label = ? AND name <> ALL (?)");

    private static final String ACCEPT = """
            UPDATE mcp_tools SET accepted = offered, accepted_hash = offered_hash
             WHERE tenant_id = ? AND label = ? AND name = ? AND offered_hash = ?""";

    private final Transactions transactions;
    private final ContentCodec codec;
    private final Json json;

    PinnedTools(Transactions transactions, ContentCodec codec, Json json) {
        this.transactions = transactions;
        this.codec = codec;
        this.json = json;
    }

    List<PinnedTool> list(TenantId tenant, String label) {
        return transactions.list(tenant, SELECT + " ORDER BY name", row -> map(tenant, row), tenant, label);
    }

    /// Keeps what a server offers now, in its transaction.
    ///
    /// @param first whether its admin is looking at it right now: then it is accepted
    void offer(Connection connection, TenantId tenant, String label, Offer offer, boolean first) throws SQLException {
        Set<String> names = offer.tools().keySet();
        for (String withdraw : WITHDRAW) {
            Sql.update(connection, withdraw, tenant, label, names);
        }
        var rows = new ArrayList<@Nullable Object[]>();
        offer.tools().forEach((name, definition) -> {
            byte[] content = codec.encode(tenant, json.write(definition));
            String hash = definition.hash(json);
            rows.add(new @Nullable Object[] {
                tenant,
                label,
                name,
                RemoteNames.of(label, name),
                first ? content : null,
                first ? hash : null,
                content,
                hash
            });
        });
        Sql.batch(connection, OFFER, rows);
    }

    /// Uses from now on what the server offers, if it is still what was looked at.
    ///
    /// @throws Problem (404) for a tool that the server never had, (409) if it offers something else by now
    void accept(TenantId tenant, String label, String name, String hash) {
        transactions.runInTenant(tenant, connection -> {
            if (Sql.update(connection, ACCEPT, tenant, label, name, hash) == 0) {
                Sql.first(connection, SELECT + " AND name = ?", _ -> true, tenant, label, name)
                        .orElseThrow(() -> Problem.notFound("tool of this MCP server", name));
                throw Problem.of(
                        ProblemKind.CONFLICT,
                        "tool_changed",
                        "The server offers another definition by now: look at it, and accept that.");
            }
        });
    }

    private PinnedTool map(TenantId tenant, ResultSet row) throws SQLException {
        return new PinnedTool(
                row.getString("name"),
                row.getString("tool_name"),
                pin(tenant, row.getBytes("accepted"), row.getString("accepted_hash")),
                pin(tenant, row.getBytes("offered"), row.getString("offered_hash")));
    }

    private @Nullable Pin pin(TenantId tenant, byte @Nullable [] content, @Nullable String hash) {
        return content == null || hash == null ? null : new Pin(definition(tenant, content), hash);
    }

    Definition definition(TenantId tenant, byte[] content) {
        return json.read(codec.decode(tenant, content), Definition.class);
    }
}
