package dev.parley.conversation;

import dev.parley.postgres.ContentCodec;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What has room of a conversation: its summary and the newest turns after it, in one round trip.
@ApplicationScoped
class RecentItems {

    /// The conversation, its summary, and of the items after it the newest that fit the budget and the one that
    /// no longer does. The inner limit bounds what is read, whatever the length of the history. The summary's
    /// text comes with the newest item only.
    static final String RECENT = """
            SELECT c.next_seq, c.deletions, s.through_seq, s.through_item, s.model, s.tokens AS summary_tokens,
                   CASE WHEN i.seq IS NULL OR i.total = i.tokens THEN s.content END AS summary,
                   i.seq, i.turn_id, i.tokens, i.content
              FROM conversations c
              LEFT JOIN conversation_summaries s ON s.tenant_id = c.tenant_id AND s.conversation_id = c.id
              LEFT JOIN LATERAL (
                    SELECT seq, turn_id, tokens, content, sum(tokens) OVER (ORDER BY seq DESC) AS total
                      FROM conversation_items
                     WHERE tenant_id = c.tenant_id AND conversation_id = c.id AND seq > coalesce(s.through_seq, -1)
                     ORDER BY seq DESC LIMIT ?) i ON i.total - i.tokens <= ?
             WHERE c.tenant_id = ? AND c.id = ?
             ORDER BY i.seq DESC""";

    private final Transactions transactions;
    private final ContentCodec codec;
    private final Items items;

    RecentItems(Transactions transactions, ContentCodec codec, Items items) {
        this.transactions = transactions;
        this.codec = codec;
        this.items = items;
    }

    /// @throws dev.parley.problem.Problem (404) when the conversation is not this tenant's
    Recalled recall(TenantId tenant, ConversationId id, Room room) {
        List<Row> rows =
                transactions.list(tenant, RECENT, Row::of, room.items() + 1, room.tokens(), tenant, id.value());
        if (rows.isEmpty()) {
            throw id.notFound();
        }
        Summary summary = summary(tenant, rows.getFirst());
        Summary shown = summary != null && room.holds(summary) ? summary : null;
        var recollection = new Recollection(room.tokens() - (shown == null ? 0 : shown.tokens()), room.items());
        Map<UUID, Long> begins = new HashMap<>();
        for (Row row : rows) {
            if (row.content != null) {
                recollection.add(row.turn, items.decode(tenant, row.content), row.tokens);
                begins.put(row.turn, row.seq);
            }
        }
        long end = rows.getFirst().nextSeq;
        Remembered remembered = recollection.remembered(end).with(shown);
        if (!recollection.isFull() || !room.hasSummaries()) {
            return new Recalled(remembered, null);
        }
        Recollection.Newest newest = recollection.newest(room, end);
        long keepFrom = newest.first() == null ? end : begins.getOrDefault(newest.first(), end);
        return new Recalled(
                remembered,
                new Overflow(tenant, id, rows.getFirst().deletions, summary, keepFrom, newest.remembered()));
    }

    private @Nullable Summary summary(TenantId tenant, Row row) {
        return row.summary == null
                ? null
                : new Summary(
                        codec.decode(tenant, row.summary.content),
                        row.summary.tokens,
                        row.summary.through,
                        row.summary.model);
    }

    /// A row of [#RECENT]; without an item, `content` is null.
    private record Row(
            long nextSeq,
            long deletions,
            @Nullable Stored summary,
            long seq,
            UUID turn,
            int tokens,
            byte @Nullable [] content) {

        record Stored(Summary.Through through, String model, int tokens, byte[] content) {}

        static Row of(ResultSet row) throws SQLException {
            return new Row(
                    row.getLong("next_seq"),
                    row.getLong("deletions"),
                    stored(row),
                    row.getLong("seq"),
                    Sql.uuid(row, "turn_id"),
                    row.getInt("tokens"),
                    row.getBytes("content"));
        }

        private static @Nullable Stored stored(ResultSet row) throws SQLException {
            byte[] content = row.getBytes("summary");
            return content == null
                    ? null
                    : new Stored(
                            new Summary.Through(row.getLong("through_seq"), row.getString("through_item")),
                            row.getString("model"),
                            row.getInt("summary_tokens"),
                            content);
        }
    }
}
