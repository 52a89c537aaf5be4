package dev.parley.conversation;

import dev.parley.postgres.ContentCodec;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;

/// The running summaries in SQL. Content passes the codec.
@ApplicationScoped
class Summaries {

    /// The oldest items that no summary covers yet.
    static final String OLDEST = """
            SELECT seq, turn_id, tokens, content FROM conversation_items
             WHERE tenant_id = ? AND conversation_id = ? AND seq > ? AND seq < ? ORDER BY seq LIMIT ?""";

    /// Not when an item was deleted since the old ones were read, for it may be among them: the deletion waits for this
    /// lock, or this for the deletion. And never back: what covers more stays.
    private static final String REPLACE = """
            WITH unchanged AS (
                SELECT tenant_id, id FROM conversations
                 WHERE tenant_id = ? AND id = ? AND deletions = ? FOR NO KEY UPDATE)
            INSERT INTO conversation_summaries AS s
                (tenant_id, conversation_id, through_seq, through_item, model, tokens, content, created_at)
            SELECT u.tenant_id, u.id, ?::bigint, ?::text, ?::text, ?::int, ?::bytea, ?::timestamptz FROM unchanged u
            ON CONFLICT (tenant_id, conversation_id) DO UPDATE SET
                through_seq = excluded.through_seq, through_item = excluded.through_item, model = excluded.model,
                tokens = excluded.tokens, content = excluded.content, created_at = excluded.created_at
             WHERE s.through_seq < excluded.through_seq""";

    private final Transactions transactions;
    private final Items items;
    private final ContentCodec codec;
    private final Clock clock;

    Summaries(Transactions transactions, Items items, ContentCodec codec, Clock clock) {
        this.transactions = transactions;
        this.items = items;
        this.codec = codec;
        this.clock = clock;
    }

    List<Material.Old> oldest(Overflow overflow, int limit) {
        var tenant = overflow.tenant();
        return transactions.inTenant(
                tenant,
                connection -> Sql.list(
                        connection,
                        OLDEST,
                        row -> new Material.Old(
                                new StoredItem(
                                        row.getLong("seq"),
                                        Sql.uuid(row, "turn_id"),
                                        items.decode(tenant, row.getBytes("content"))),
                                row.getInt("tokens")),
                        tenant,
                        overflow.conversation().value(),
                        overflow.after(),
                        overflow.keepFrom(),
                        limit));
    }

    /// @return false when the conversation has changed so that this is not its summary
    boolean replace(Overflow overflow, Summary summary) {
        var tenant = overflow.tenant();
        byte[] content = codec.encode(tenant, summary.text());
        return transactions.inTenant(
                        tenant,
                        connection -> Sql.update(
                                connection,
                                REPLACE,
                                tenant,
                                overflow.conversation().value(),
                                overflow.deletions(),
                                summary.through().seq(),
                                summary.through().item(),
                                summary.model(),
                                summary.tokens(),
                                content,
                                clock.instant()))
                > 0;
    }
}
