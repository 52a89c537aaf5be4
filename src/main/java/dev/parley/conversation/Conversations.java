package dev.parley.conversation;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.parley.postgres.Json;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A tenant's conversations.
@ApplicationScoped
class Conversations {

    private static final String COLUMNS = "id, created_at, metadata::text AS metadata";
    private static final TypeReference<Map<String, String>> PAIRS = new TypeReference<>() {};

    private final Transactions transactions;
    private final Items items;
    private final Json json;
    private final Clock clock;

    Conversations(Transactions transactions, Items items, Json json, Clock clock) {
        this.transactions = transactions;
        this.items = items;
        this.json = json;
        this.clock = clock;
    }

    /// A new conversation that begins with these items.
    Conversation create(TenantId tenant, Map<String, String> metadata, List<Item> first) {
        ConversationId id = ConversationId.next();
        Instant now = clock.instant();
        List<NewItem> encoded = items.encode(tenant, Turns.group(first));
        transactions.runInTenant(tenant, connection -> {
            Sql.update(
                    connection,
                    "INSERT INTO conversations (tenant_id, id, metadata, created_at) VALUES (?, ?, ?::jsonb, ?)",
                    tenant,
                    id.value(),
                    json.write(metadata),
                    now);
            if (!encoded.isEmpty()) {
                items.append(tenant, id, encoded);
            }
        });
        return new Conversation(id.toString(), "conversation", now.getEpochSecond(), metadata);
    }

    /// @throws dev.parley.problem.Problem (404) when it is not this tenant's
    Conversation get(TenantId tenant, ConversationId id) {
        return transactions
                .inTenant(
                        tenant,
                        connection -> Sql.first(
                                connection,
                                "SELECT " + COLUMNS + " FROM conversations WHERE tenant_id = ? AND id = ?",
                                this::map,
                                tenant,
                                id.value()))
                .orElseThrow(id::notFound);
    }

    Conversation update(TenantId tenant, ConversationId id, Map<String, String> metadata) {
        return transactions
                .inTenant(
                        tenant,
                        connection -> Sql.first(
                                connection,
                                "UPDATE conversations SET metadata = ?::jsonb WHERE tenant_id = ? AND id = ? RETURNING "
                                        + COLUMNS,
                                this::map,
                                json.write(metadata),
                                tenant,
                                id.value()))
                .orElseThrow(id::notFound);
    }

    /// Its items go with it.
    void delete(TenantId tenant, ConversationId id) {
        int deleted = transactions.inTenant(
                tenant,
                connection -> Sql.update(
                        connection, "DELETE FROM conversations WHERE tenant_id = ? AND id = ?", tenant, id.value()));
        if (deleted == 0) {
            throw id.notFound();
        }
    }

    private Conversation map(ResultSet row) throws SQLException {
        return new Conversation(
                new ConversationId(Sql.uuid(row, "id")).toString(),
                "conversation",
                Objects.requireNonNull(Sql.instant(row, "created_at")).getEpochSecond(),
                json.read(row.getString("metadata"), PAIRS));
    }
}
