package dev.parley.conversation;

import dev.parley.model.PromptTokens;
import dev.parley.postgres.ContentCodec;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The items of conversations in SQL. Content passes the codec.
@ApplicationScoped
class Items {

    /// Locks the conversation until the end of the transaction, so that turns that end together keep their items
    /// together.
    private static final String RESERVE = """
            UPDATE conversations SET next_seq = next_seq + ? WHERE tenant_id = ? AND id = ?
            RETURNING next_seq - ? AS first""";

    /// A turn under way has read the conversation and will add to it. One whose owner died does not count.
    private static final String LOCKED = """
            SELECT FROM conversations c JOIN turns t ON t.tenant_id = c.tenant_id AND t.id = c.active_turn
             WHERE c.tenant_id = ? AND c.id = ?
               AND (t.status = 'queued' OR t.status = 'in_progress' AND t.lease_until >= lease_horizon())""";

    /// Before its items, as everywhere.
    private static final String LOCK = "SELECT FROM conversations WHERE tenant_id = ? AND id = ? FOR NO KEY UPDATE";

    private static final String LAST_TURN = """
            SELECT turn_id FROM conversation_items WHERE tenant_id = ? AND conversation_id = ?
             ORDER BY seq DESC LIMIT 1""";

    private static final String INSERT = """
            INSERT INTO conversation_items
                (tenant_id, conversation_id, seq, turn_id, role, tokens, content, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)""";

    private static final String THIS_ONE = " WHERE tenant_id = ? AND conversation_id = ? AND seq = ?";

    private final Transactions transactions;
    private final ContentCodec codec;
    private final Json json;
    private final Clock clock;

    Items(Transactions transactions, ContentCodec codec, Json json, Clock clock) {
        this.transactions = transactions;
        this.codec = codec;
        this.json = json;
        this.clock = clock;
    }

    List<NewItem> encode(TenantId tenant, List<Turns.Assigned> items) {
        return items.stream()
                .map(assigned -> new NewItem(
                        assigned.turn(),
                        assigned.item().speaker(),
                        tokens(assigned.item()),
                        codec.encode(tenant, json.write(assigned.item()))))
                .toList();
    }

    static int tokens(Item item) {
        return ItemMessages.messages(List.of(item)).stream()
                .mapToInt(PromptTokens::estimate)
                .sum();
    }

    /// Appends in one piece and returns the first one's sequence number.
    ///
    /// @throws dev.parley.problem.Problem (404) when the conversation is not this tenant's, or was deleted
    long append(TenantId tenant, ConversationId id, List<NewItem> items) {
        return transactions.inTenant(tenant, connection -> {
            int count = items.size();
            long first = Sql.first(connection, RESERVE, row -> row.getLong("first"), count, tenant, id.value(), count)
                    .orElseThrow(id::notFound);
            Sql.batch(connection, INSERT, rows(tenant, id, items, first));
            return first;
        });
    }

    /// [#append] for a client. What does not begin with a user belongs to the turn before it.
    ///
    /// @throws dev.parley.problem.Problem (404), (409) while a turn is under way
    List<StoredItem> add(TenantId tenant, ConversationId id, List<Item> items) {
        return transactions.inTenant(tenant, connection -> {
            Optional<UUID> last = Sql.first(connection, LAST_TURN, row -> Sql.uuid(row, "turn_id"), tenant, id.value());
            List<Turns.Assigned> assigned =
                    last.isEmpty() || Turns.beginsTurn(items) ? Turns.group(items) : Turns.group(items, last.get());
            // Its lock comes first: who is admitted after it finds the items.
            long first = append(tenant, id, encode(tenant, assigned));
            if (Sql.first(connection, LOCKED, _ -> true, tenant, id.value()).isPresent()) {
                throw locked();
            }
            return stored(assigned, first);
        });
    }

    private static List<StoredItem> stored(List<Turns.Assigned> assigned, long first) {
        var stored = new ArrayList<StoredItem>();
        for (Turns.Assigned each : assigned) {
            stored.add(new StoredItem(first + stored.size(), each.turn(), each.item()));
        }
        return stored;
    }

    private static Problem locked() {
        return Problem.passing(
                ProblemKind.CONFLICT,
                "conversation_locked",
                "A turn of this conversation is under way. Retry when it has ended.",
                Duration.ofSeconds(1));
    }

    Optional<StoredItem> find(TenantId tenant, ConversationId id, long seq) {
        return transactions.inTenant(
                tenant,
                connection -> Sql.first(
                        connection,
                        "SELECT seq, turn_id, content FROM conversation_items" + THIS_ONE,
                        row -> new StoredItem(
                                row.getLong("seq"), Sql.uuid(row, "turn_id"), decode(tenant, row.getBytes("content"))),
                        tenant,
                        id.value(),
                        seq));
    }

    /// A summary that covers it goes with it, by a trigger.
    ///
    /// @return false when there was none
    boolean delete(TenantId tenant, ConversationId id, long seq) {
        return transactions.inTenant(tenant, connection -> {
            Sql.first(connection, LOCK, _ -> true, tenant, id.value());
            String delete = "DELETE FROM conversation_items" + THIS_ONE;
            return Sql.update(connection, delete, tenant, id.value(), seq) > 0;
        });
    }

    private List<@Nullable Object[]> rows(TenantId tenant, ConversationId id, List<NewItem> items, long first) {
        var rows = new ArrayList<@Nullable Object[]>(items.size());
        for (NewItem item : items) {
            rows.add(new @Nullable Object[] {
                tenant,
                id.value(),
                first + rows.size(),
                item.turn(),
                item.role(),
                item.tokens(),
                item.content(),
                clock.instant()
            });
        }
        return rows;
    }

    /// A page in either direction, one more than the page holds where there is one.
    ///
    /// @throws dev.parley.problem.Problem (404) when the conversation is not this tenant's
    List<StoredItem> list(TenantId tenant, ConversationId id, Cursor cursor) {
        String sql = """
                SELECT seq, turn_id, content FROM conversation_items
                 WHERE tenant_id = ? AND conversation_id = ? AND seq %s ? ORDER BY seq %s LIMIT ?""".formatted(cursor.ascending ? ">" : "<", cursor.ascending ? "ASC" : "DESC");
        return transactions.inTenant(
                tenant,
                connection -> Sql.list(
                        connection,
                        sql,
                        row -> new StoredItem(
                                row.getLong("seq"), Sql.uuid(row, "turn_id"), decode(tenant, row.getBytes("content"))),
                        tenant,
                        id.value(),
                        cursor.start(),
                        cursor.limit));
    }

    /// @param after the item before the page; null for the beginning
    record Cursor(@Nullable Long after, boolean ascending, int limit) {
        long start() {
            return after != null ? after : ascending ? -1 : Long.MAX_VALUE;
        }
    }

    Item decode(TenantId tenant, byte[] content) {
        return json.read(codec.decode(tenant, content), Item.class);
    }
}
