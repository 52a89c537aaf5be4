package dev.parley.tool;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.postgres.ContentCodec;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.usage.Ticket;
import dev.parley.usage.TurnLost;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// The record of calls. Every change of a call's status is one statement that holds for one status before it, so that
/// of two who want to run a call, or to say what became of it, one does.
@ApplicationScoped
class CallLedger {

    private static final String BEGIN = "SELECT begin_tool_calls(?, ?, ?, ?::jsonb, ?, ?)";

    private static final String SELECT = """
            SELECT *, encode(digest, 'hex') AS digest_hex,
                   status = 'running' AND deadline < clock_timestamp() AS overdue
              FROM tool_calls WHERE tenant_id = ?""";

    /// For the turn that goes on with it, as long as that is its owner's.
    private static final String CLAIM = """
            WITH owner AS (SELECT id FROM turns
                            WHERE tenant_id = ? AND id = ? AND lease_token = ? AND status = 'in_progress' FOR SHARE)
            UPDATE tool_calls c SET status = 'running', resumed_by = owner.id,
                   deadline = clock_timestamp() + ?::bigint * interval '1 millisecond'
              FROM owner WHERE c.tenant_id = ? AND c.id = ? AND c.status = 'approved'
            RETURNING c.id""";

    private static final String END = """
            UPDATE tool_calls SET status = ?, result = ?, ended_at = clock_timestamp()
             WHERE tenant_id = ? AND id = ? AND status IN ('running', 'in_doubt')
            RETURNING id""";

    private static final String DECIDE = """
            UPDATE tool_calls SET status = ?, decided_by = ?, decided_at = clock_timestamp(), reason = ?
             WHERE tenant_id = ? AND id = ? AND status = 'awaiting_approval'""";

    private final Transactions transactions;
    private final ContentCodec codec;
    private final Json json;

    CallLedger(Transactions transactions, ContentCodec codec, Json json) {
        this.transactions = transactions;
        this.codec = codec;
        this.json = json;
    }

    /// Puts calls of a turn on record, all or none.
    ///
    /// @throws TurnLost when the turn is somebody else's by now
    /// @throws CancellationException when it was cancelled
    void begin(Ticket turn, int round, List<NewCall> calls) {
        TenantId tenant = turn.tenant();
        var rows = new ArrayList<Row>();
        var arguments = new ArrayList<byte @Nullable []>();
        var results = new ArrayList<byte @Nullable []>();
        for (NewCall call : calls) {
            rows.add(Row.of(rows.size() + 1, round, call));
            arguments.add(codec.encode(tenant, call.call().arguments()));
            results.add(call.result() == null ? null : codec.encode(tenant, call.result()));
        }
        String verdict = transactions.withoutTenant(connection -> Sql.first(
                        connection,
                        BEGIN,
                        row -> row.getString(1),
                        tenant,
                        turn.turn(),
                        turn.token(),
                        json.write(rows),
                        Sql.byteas(arguments),
                        Sql.byteas(results))
                .orElseThrow());
        switch (verdict) {
            case "begun" -> {}
            case "cancelled" -> throw new CancellationException("The turn was cancelled");
            default -> throw new TurnLost(turn.turn());
        }
    }

    /// @param n counts from 1: where its content is
    @RegisterForReflection
    record Row(
            int n,
            UUID id,
            int round,
            String tool,
            boolean effects,
            String digest,
            String status,
            @JsonProperty("timeout_ms") long timeoutMs) {

        static Row of(int n, int round, NewCall call) {
            return new Row(
                    n,
                    call.call().id().value(),
                    round,
                    call.call().tool(),
                    call.effects(),
                    call.digest(),
                    call.status().code(),
                    call.within().toMillis());
        }
    }

    /// Whether the approved call is now the turn's to run.
    boolean claim(Ticket turn, CallId call, Duration within) {
        return changed(
                turn.tenant(),
                CLAIM,
                turn.tenant(),
                turn.turn(),
                turn.token(),
                within.toMillis(),
                turn.tenant(),
                call.value());
    }

    /// Says what became of a call that ran. Nothing happens to one that is over.
    boolean end(TenantId tenant, CallId call, CallStatus status, String result) {
        return changed(tenant, END, status.code(), codec.encode(tenant, result), tenant, call.value());
    }

    /// One round trip, for calls on the way of a turn. No argument may be null: see [Transactions#list].
    private boolean changed(TenantId tenant, String sql, Object... args) {
        return !transactions.list(tenant, sql, row -> Sql.uuid(row, "id"), args).isEmpty();
    }

    /// Whether it was waiting for a decision.
    boolean decide(TenantId tenant, CallId call, boolean approved, UUID by, @Nullable String reason) {
        CallStatus status = approved ? CallStatus.APPROVED : CallStatus.DENIED;
        return 0
                < transactions.inTenant(
                        tenant,
                        connection -> Sql.update(connection, DECIDE, status.code(), by, reason, tenant, call.value()));
    }

    Optional<StoredCall> find(TenantId tenant, CallId call) {
        return find(tenant, List.of(call)).stream().findFirst();
    }

    List<StoredCall> find(TenantId tenant, Collection<CallId> calls) {
        List<UUID> ids = calls.stream().map(CallId::value).toList();
        return transactions.list(
                tenant, SELECT + " AND id = ANY (?) ORDER BY id", row -> stored(tenant, row), tenant, ids);
    }

    /// What a turn asked for, and what it ran of an earlier one's, in order.
    List<StoredCall> ofTurn(TenantId tenant, UUID turn) {
        return transactions.list(
                tenant,
                SELECT + " AND (turn_id = ? OR resumed_by = ?) ORDER BY round, id",
                row -> stored(tenant, row),
                tenant,
                turn,
                turn);
    }

    /// @param status null for any; what is overdue counts as running here
    /// @param after null for the beginning
    record Query(@Nullable CallStatus status, @Nullable UUID after, boolean ascending, int limit) {}

    List<StoredCall> list(TenantId tenant, Query query) {
        String page = query.ascending ? " AND id > ? ORDER BY id LIMIT ?" : " AND id < ? ORDER BY id DESC LIMIT ?";
        UUID start = query.after != null ? query.after : query.ascending ? new UUID(0, 0) : new UUID(-1, -1);
        return query.status == null
                ? transactions.list(tenant, SELECT + page, row -> stored(tenant, row), tenant, start, query.limit)
                : transactions.list(
                        tenant,
                        SELECT + " AND status = ?" + page,
                        row -> stored(tenant, row),
                        tenant,
                        query.status.code(),
                        start,
                        query.limit);
    }

    private StoredCall stored(TenantId tenant, ResultSet row) throws SQLException {
        byte[] result = row.getBytes("result");
        UUID decidedBy = row.getObject("decided_by", UUID.class);
        return new StoredCall(
                tenant,
                new CallId(Sql.uuid(row, "id")),
                Sql.uuid(row, "turn_id"),
                row.getInt("round"),
                new StoredCall.Asked(
                        row.getString("tool"),
                        row.getBoolean("effects"),
                        codec.decode(tenant, row.getBytes("arguments")),
                        row.getString("digest_hex"),
                        row.getString("user_id")),
                CallStatus.of(row.getString("status")),
                result == null ? null : codec.decode(tenant, result),
                row.getBoolean("overdue"),
                decidedBy == null
                        ? null
                        : new StoredCall.Decision(
                                decidedBy,
                                Objects.requireNonNull(Sql.instant(row, "decided_at")),
                                row.getString("reason")),
                Objects.requireNonNull(Sql.instant(row, "created_at")),
                Sql.instant(row, "ended_at"));
    }
}
