package dev.parley.ingestion.source;

import dev.parley.aws.ObjectName;
import dev.parley.knowledge.FileId;
import dev.parley.knowledge.SourceFiles;
import dev.parley.knowledge.VectorStoreId;
import dev.parley.postgres.DatabaseFailure;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A vector store's bindings to prefixes of buckets.
@ApplicationScoped
class Bindings {

    private static final String INSERT = """
            INSERT INTO bucket_bindings (tenant_id, id, vector_store_id, bucket, prefix) VALUES (?, ?, ?, ?, ?)
            RETURNING *
            """;

    private static final String GET =
            "SELECT * FROM bucket_bindings WHERE tenant_id = ? AND vector_store_id = ? AND id = ?";

    private static final String OF_OBJECT = "SELECT *, ? AS bucket, now() AS created_at FROM bindings_of_object(?, ?)";

    /// Files that others would replace: there is nobody left who does it.
    private static final String REPLACED = """
            SELECT file_id FROM bound_objects
             WHERE tenant_id = ? AND binding_id = ? AND file_id IS NOT NULL AND next_file_id IS NOT NULL ORDER BY file_id
            """;

    private static final String DELETE =
            "DELETE FROM bucket_bindings WHERE tenant_id = ? AND vector_store_id = ? AND id = ?";

    private final Transactions transactions;
    private final SourceFiles files;
    private final BucketRules rules;

    Bindings(Transactions transactions, SourceFiles files, BucketRules rules) {
        this.transactions = transactions;
        this.files = files;
        this.rules = rules;
    }

    /// @throws Problem (403) for what the operator does not let this tenant bind, (409) for what is bound already
    Binding create(TenantId tenant, VectorStoreId store, String bucket, String prefix) {
        if (!rules.allow(tenant, bucket, prefix)) {
            throw Problem.of(
                    ProblemKind.FORBIDDEN,
                    "prefix_not_allowed",
                    "This prefix of '%s' is not open to you. Ask whoever runs Parley.".formatted(bucket));
        }
        try {
            return transactions.inTenant(tenant, connection -> Sql.first(
                            connection, INSERT, Bindings::of, tenant, Ids.next(), store.value(), bucket, prefix)
                    .orElseThrow());
        } catch (DatabaseFailure failure) {
            if (failure.isDuplicate()) {
                throw Problem.of(ProblemKind.CONFLICT, "already_bound", "This prefix is bound to the store already.");
            }
            throw failure;
        }
    }

    /// @throws Problem (404) when the store has no such binding
    Binding get(TenantId tenant, VectorStoreId store, UUID id) {
        return transactions.inTenant(
                tenant, connection -> Sql.first(connection, GET, Bindings::of, tenant, store.value(), id)
                        .orElseThrow(() -> notFound(id)));
    }

    List<Binding> list(TenantId tenant, VectorStoreId store, @Nullable UUID after, boolean ascending, int limit) {
        UUID start = ascending ? new UUID(0, 0) : new UUID(-1, -1);
        String sql = "SELECT * FROM bucket_bindings WHERE tenant_id = ? AND vector_store_id = ? AND "
                + (ascending ? "id > ? ORDER BY id" : "id < ? ORDER BY id DESC") + " LIMIT ?";
        return transactions.inTenant(
                tenant,
                connection -> Sql.list(
                        connection, sql, Bindings::of, tenant, store.value(), after == null ? start : after, limit));
    }

    /// Nothing follows the bucket any more; what is in the store stays.
    void delete(TenantId tenant, VectorStoreId store, UUID id) {
        transactions.runInTenant(tenant, connection -> {
            files.lock(tenant, store);
            Sql.list(connection, REPLACED, row -> new FileId(Sql.uuid(row, "file_id")), tenant, id)
                    .forEach(file -> files.remove(tenant, file));
            if (Sql.update(connection, DELETE, tenant, store.value(), id) == 0) {
                throw notFound(id);
            }
        });
    }

    /// Those of any tenant that an object falls under, as far as the operator still allows them.
    List<Binding> of(ObjectName object) {
        return transactions
                .withoutTenant(connection ->
                        Sql.list(connection, OF_OBJECT, Bindings::of, object.bucket(), object.bucket(), object.key()))
                .stream()
                .filter(binding -> rules.allow(binding.tenant(), binding.bucket(), binding.prefix()))
                .toList();
    }

    private static Problem notFound(UUID id) {
        return Binding.notFound(Ids.format(Binding.PREFIX, id));
    }

    private static Binding of(ResultSet row) throws SQLException {
        return new Binding(
                new TenantId(Sql.uuid(row, "tenant_id")),
                Sql.uuid(row, "id"),
                new VectorStoreId(Sql.uuid(row, "vector_store_id")),
                row.getString("bucket"),
                row.getString("prefix"),
                Objects.requireNonNull(Sql.instant(row, "created_at")));
    }
}
