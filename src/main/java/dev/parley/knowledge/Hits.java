package dev.parley.knowledge;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/// What a search reads and notes besides the rankings.
@ApplicationScoped
class Hits {

    static final String LOAD = """
            SELECT c.id, c.vector_store_id, c.file_id, f.filename, c.text, c.heading, c.page, a.attributes
              FROM chunks c
              JOIN vector_store_files a ON a.tenant_id = c.tenant_id
                   AND a.vector_store_id = c.vector_store_id AND a.file_id = c.file_id
              JOIN files f ON f.tenant_id = c.tenant_id AND f.id = c.file_id
             WHERE c.tenant_id = ? AND c.id = ANY (?) AND a.status = 'completed'
            """;

    /// A store that someone else writes to is active without us: no search waits for its row. One that has expired
    /// meanwhile stays so.
    private static final String TOUCH = """
            UPDATE vector_stores SET last_active_at = ?
             WHERE tenant_id = ? AND id IN (
                SELECT id FROM vector_stores
                 WHERE tenant_id = ? AND id = ANY (?)
                   AND (expires_after_days IS NULL OR last_active_at + expires_after_days * interval '24 hours' > ?)
                 ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)
            """;

    private static final Duration TOUCH_INTERVAL = Duration.ofMinutes(1);

    private static final TypeReference<Map<String, Object>> ATTRIBUTES = new TypeReference<>() {};

    private final Json json;
    private final Clock clock;

    Hits(Json json, Clock clock) {
        this.json = json;
        this.clock = clock;
    }

    /// The chunks with what is shown of them, in the ranking's order.
    List<Hit> load(Connection connection, TenantId tenant, List<Scored> ranked) throws SQLException {
        var scores = new HashMap<Long, Double>();
        ranked.forEach(scored -> scores.put(scored.chunk(), scored.score()));
        if (scores.isEmpty()) {
            return List.of();
        }
        var found = new HashMap<Long, Hit>();
        Sql.list(
                connection,
                LOAD,
                row -> found.put(row.getLong("id"), hit(row, scores.getOrDefault(row.getLong("id"), 0.0))),
                tenant,
                scores.keySet());
        return ranked.stream()
                .map(scored -> found.get(scored.chunk()))
                .filter(Objects::nonNull)
                .toList();
    }

    /// Notes that the stores are in use, at most once a minute.
    void touch(Connection connection, TenantId tenant, List<SearchedStore> stores) throws SQLException {
        Instant now = clock.instant();
        List<UUID> stale = stores.stream()
                .filter(store -> store.lastActiveAt().isBefore(now.minus(TOUCH_INTERVAL)))
                .map(store -> store.id().value())
                .toList();
        if (!stale.isEmpty()) {
            Sql.update(connection, TOUCH, now, tenant, tenant, stale, now);
        }
    }

    private Hit hit(ResultSet row, double score) throws SQLException {
        int page = row.getInt("page");
        return new Hit(
                new VectorStoreId(Sql.uuid(row, "vector_store_id")),
                new FileId(Sql.uuid(row, "file_id")),
                row.getString("filename"),
                row.getString("text"),
                row.getString("heading"),
                page == 0 ? null : page,
                score,
                json.read(row.getString("attributes"), ATTRIBUTES));
    }
}
