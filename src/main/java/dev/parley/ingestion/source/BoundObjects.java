package dev.parley.ingestion.source;

import dev.parley.ingestion.AfterIndexing;
import dev.parley.knowledge.AttachmentId;
import dev.parley.knowledge.FileId;
import dev.parley.postgres.Sql;
import dev.parley.postgres.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What is known of the objects under bound prefixes. Whoever changes it holds the store's lock, then the object's.
@ApplicationScoped
class BoundObjects implements AfterIndexing {

    private static final String THIS_ONE = " WHERE tenant_id = ? AND binding_id = ? AND key = ?";

    private static final String GET = "SELECT * FROM bound_objects" + THIS_ONE;

    private static final String MAKE = """
            INSERT INTO bound_objects (tenant_id, binding_id, key, sequencer)
            SELECT b.tenant_id, b.id, ?, '' FROM bucket_bindings b WHERE b.tenant_id = ? AND b.id = ?
            ON CONFLICT (tenant_id, binding_id, key) DO NOTHING
            """;

    private static final String SAVE = """
            UPDATE bound_objects SET sequencer = ?, etag = ?, file_id = ?::uuid, next_file_id = ?::uuid, problem = ?,
                                     changed_at = now()
            """ + THIS_ONE;

    private static final String LIST =
            "SELECT * FROM bound_objects WHERE tenant_id = ? AND binding_id = ? AND key > ? ORDER BY key LIMIT ?";

    private static final String INDEXED = """
            WITH this AS (SELECT tenant_id, binding_id, key, file_id FROM bound_objects
                           WHERE tenant_id = ? AND next_file_id = ? AND binding_id IN
                                 (SELECT id FROM bucket_bindings WHERE tenant_id = ? AND vector_store_id = ?)
                             FOR NO KEY UPDATE)
            UPDATE bound_objects o SET file_id = o.next_file_id, next_file_id = NULL
              FROM this WHERE o.tenant_id = this.tenant_id AND o.binding_id = this.binding_id AND o.key = this.key
            RETURNING this.file_id
            """;

    private final Transactions transactions;
    private final Succession succession;

    BoundObjects(Transactions transactions, Succession succession) {
        this.transactions = transactions;
        this.succession = succession;
    }

    Optional<BoundObject> find(Binding binding, String key) {
        return transactions.inTenant(
                binding.tenant(),
                connection -> Sql.first(connection, GET, BoundObject::of, binding.tenant(), binding.id(), key));
    }

    /// Known or not, it is the caller's until the transaction ends. Empty when the binding is gone.
    Optional<BoundObject> lock(Connection connection, Binding binding, String key) throws SQLException {
        Sql.update(connection, MAKE, key, binding.tenant(), binding.id());
        return Sql.first(connection, GET + " FOR NO KEY UPDATE", BoundObject::of, binding.tenant(), binding.id(), key);
    }

    void save(Connection connection, Binding binding, BoundObject object) throws SQLException {
        Sql.update(
                connection,
                SAVE,
                object.sequencer().hex(),
                object.etag(),
                id(object.file()),
                id(object.next()),
                object.problem(),
                binding.tenant(),
                binding.id(),
                object.key());
    }

    /// In the order of their keys.
    List<BoundObject> list(Binding binding, String after, int limit) {
        return transactions.inTenant(
                binding.tenant(),
                connection ->
                        Sql.list(connection, LIST, BoundObject::of, binding.tenant(), binding.id(), after, limit));
    }

    /// A file is found from this transaction on; the one that it replaces goes.
    @Override
    public void indexed(AttachmentId id) {
        succession.indexed(INDEXED, id);
    }

    private static @Nullable UUID id(@Nullable FileId file) {
        return file == null ? null : file.value();
    }
}
