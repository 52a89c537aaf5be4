package dev.parley.tool.mcp;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.parley.postgres.ContentCodec;
import dev.parley.postgres.DatabaseFailure;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A tenant's remote servers.
@ApplicationScoped
class RemoteServers {

    /// All of a tenant's tools are looked up at once.
    private static final int MAX = 50;

    private static final TypeReference<Map<String, String>> PAIRS = new TypeReference<>() {};

    private static final String SELECT = "SELECT *, refused::text AS refusals FROM mcp_servers WHERE tenant_id = ?";

    private static final String INSERT = """
            INSERT INTO mcp_servers (url, headers, allowed_tools, read_only, approval, approved_tools, scopes, timeout_ms,
                                     revision, refused, refreshed_at, created_at, tenant_id, label)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?)""";

    private static final String UPDATE = """
            UPDATE mcp_servers SET url = ?, headers = ?, allowed_tools = ?, read_only = ?, approval = ?,
                   approved_tools = ?, scopes = ?, timeout_ms = ?, revision = ?
             WHERE tenant_id = ? AND label = ?""";

    private static final String REFRESHED = """
            UPDATE mcp_servers SET revision = ?, refused = ?::jsonb, refreshed_at = ?
             WHERE tenant_id = ? AND label = ?""";

    private final Transactions transactions;
    private final PinnedTools tools;
    private final ContentCodec codec;
    private final Json json;
    private final Clock clock;

    RemoteServers(Transactions transactions, PinnedTools tools, ContentCodec codec, Json json, Clock clock) {
        this.transactions = transactions;
        this.tools = tools;
        this.codec = codec;
        this.json = json;
        this.clock = clock;
    }

    /// What it offers first is accepted: who registers it gets to see it.
    ///
    /// @throws Problem (409) when there is one with this label, or too many
    void create(TenantId tenant, RemoteServer server, Offer offer) {
        try {
            transactions.runInTenant(tenant, connection -> {
                if (Sql.list(connection, SELECT, _ -> true, tenant).size() >= MAX) {
                    throw Problem.of(
                            ProblemKind.CONFLICT,
                            "too_many_mcp_servers",
                            "A tenant has at most %d MCP servers: delete one first.".formatted(MAX));
                }
                insert(connection, tenant, server, offer);
                tools.offer(connection, tenant, server.label(), offer, true);
            });
        } catch (DatabaseFailure failure) {
            throw failure.isDuplicate() ? duplicate(server.label()) : failure;
        }
    }

    private void insert(Connection connection, TenantId tenant, RemoteServer server, Offer offer) throws SQLException {
        ToolPolicy policy = server.policy();
        Sql.update(
                connection,
                INSERT,
                server.url(),
                secrets(tenant, server),
                policy.allowed(),
                policy.readOnly(),
                policy.approval().rule().code(),
                policy.approval().named(),
                policy.scopes(),
                millis(server),
                offer.revision().version(),
                json.write(offer.refused()),
                clock.instant(),
                clock.instant(),
                tenant,
                server.label());
    }

    /// @throws Problem (404) when the tenant has no such server
    Registered get(TenantId tenant, String label) {
        return transactions
                .list(tenant, SELECT + " AND label = ?", row -> registered(tenant, row), tenant, label)
                .stream()
                .findFirst()
                .orElseThrow(() -> notFound(label));
    }

    /// By label; one more than the page holds where there is one.
    List<Registered> list(TenantId tenant, String after, int limit) {
        return transactions.list(
                tenant,
                SELECT + " AND label > ? ORDER BY label LIMIT ?",
                row -> registered(tenant, row),
                tenant,
                after,
                limit);
    }

    /// @param offer what it offers, if it was asked; what is new or changed waits to be accepted
    void change(TenantId tenant, RemoteServer server, @Nullable Offer offer) {
        ToolPolicy policy = server.policy();
        transactions.runInTenant(tenant, connection -> {
            int changed = Sql.update(
                    connection,
                    UPDATE,
                    server.url(),
                    secrets(tenant, server),
                    policy.allowed(),
                    policy.readOnly(),
                    policy.approval().rule().code(),
                    policy.approval().named(),
                    policy.scopes(),
                    millis(server),
                    server.revision().version(),
                    tenant,
                    server.label());
            if (changed == 0) {
                throw notFound(server.label());
            }
            if (offer != null) {
                refresh(tenant, server.label(), offer);
            }
        });
    }

    /// What is new or changed waits to be accepted.
    void refresh(TenantId tenant, String label, Offer offer) {
        transactions.runInTenant(tenant, connection -> {
            int refreshed = Sql.update(
                    connection,
                    REFRESHED,
                    offer.revision().version(),
                    json.write(offer.refused()),
                    clock.instant(),
                    tenant,
                    label);
            if (refreshed == 0) {
                throw notFound(label);
            }
            tools.offer(connection, tenant, label, offer, false);
        });
    }

    /// Its tools go with it.
    void delete(TenantId tenant, String label) {
        int deleted = transactions.inTenant(
                tenant,
                connection -> Sql.update(
                        connection, "DELETE FROM mcp_servers WHERE tenant_id = ? AND label = ?", tenant, label));
        if (deleted == 0) {
            throw notFound(label);
        }
    }

    private Registered registered(TenantId tenant, ResultSet row) throws SQLException {
        return new Registered(
                server(tenant, row),
                json.read(row.getString("refusals"), PAIRS),
                Objects.requireNonNull(Sql.instant(row, "refreshed_at")),
                Objects.requireNonNull(Sql.instant(row, "created_at")));
    }

    /// From a row with the table's columns.
    RemoteServer server(TenantId tenant, ResultSet row) throws SQLException {
        Array allowed = row.getArray("allowed_tools");
        var approval = new Approval(
                Approval.Rule.of(row.getString("approval")).orElseThrow(), texts(row.getArray("approved_tools")));
        var policy = new ToolPolicy(
                allowed == null ? null : texts(allowed),
                texts(row.getArray("read_only")),
                approval,
                texts(row.getArray("scopes")));
        Integer timeout = row.getObject("timeout_ms", Integer.class);
        return new RemoteServer(
                row.getString("label"),
                row.getString("url"),
                json.read(codec.decode(tenant, row.getBytes("headers")), PAIRS),
                policy,
                timeout == null ? null : Duration.ofMillis(timeout),
                Revision.of(row.getString("revision")).orElse(Revision.NEWEST));
    }

    private static Set<String> texts(Array array) throws SQLException {
        return Set.of((String[]) array.getArray());
    }

    private byte[] secrets(TenantId tenant, RemoteServer server) {
        return codec.encode(tenant, json.write(server.headers()));
    }

    private static @Nullable Integer millis(RemoteServer server) {
        return server.timeout() == null ? null : (int) server.timeout().toMillis();
    }

    private static Problem notFound(String label) {
        return Problem.notFound("MCP server", label);
    }

    private static Problem duplicate(String label) {
        return Problem.of(
                ProblemKind.CONFLICT,
                "mcp_server_exists",
                "There is an MCP server '%s' already: change it, or delete it first.".formatted(label));
    }
}
