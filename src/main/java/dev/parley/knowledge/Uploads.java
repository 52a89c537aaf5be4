package dev.parley.knowledge;

import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// A tenant's uploads and their parts.
@ApplicationScoped
class Uploads {

    /// A part that a client sends again, as it did not hear of the first, counts twice until one of them is chosen.
    private static final int REDUNDANCY = 2;

    private static final String INSERT = """
            INSERT INTO uploads (tenant_id, id, filename, purpose, content_type, bytes, file_seconds, location,
                                 created_at, expires_at)
            VALUES (?, ?, ?, ?, ?, ?, ?::bigint, ?, ?, ?)
            """;

    private static final String GET = "SELECT * FROM uploads WHERE tenant_id = ? AND id = ?";

    private static final String LOCK = GET + " FOR NO KEY UPDATE";

    private static final String END = "UPDATE uploads SET status = ?, file_id = ?::uuid WHERE tenant_id = ? AND id = ?";

    private static final String ADD_PART =
            "INSERT INTO upload_parts (tenant_id, id, upload_id, bytes, location) VALUES (?, ?, ?, ?, ?)";

    private static final String STORED =
            "SELECT coalesce(sum(bytes), 0) FROM upload_parts WHERE tenant_id = ? AND upload_id = ?";

    private static final String SIZES =
            "SELECT id, bytes FROM upload_parts WHERE tenant_id = ? AND upload_id = ? AND id = ANY (?)";

    private static final String DELETE_PARTS = "DELETE FROM upload_parts WHERE tenant_id = ? AND upload_id = ?";

    private static final String DELETE = "DELETE FROM uploads WHERE tenant_id = ? AND id = ?";

    private final Transactions transactions;
    private final Clock clock;

    Uploads(Transactions transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    void create(Connection connection, Upload upload) throws SQLException {
        Duration lifetime = upload.lifetime();
        Sql.update(
                connection,
                INSERT,
                upload.tenant(),
                upload.id(),
                upload.filename(),
                upload.purpose(),
                upload.contentType(),
                upload.bytes(),
                lifetime == null ? null : lifetime.toSeconds(),
                upload.location(),
                upload.createdAt(),
                upload.expiresAt());
    }

    /// @throws Problem (404) when the tenant has no such upload
    Upload get(TenantId tenant, UUID id) {
        return transactions.inTenant(tenant, connection -> first(connection, GET, tenant, id));
    }

    /// The same, and nobody else changes it until the transaction ends.
    ///
    /// @throws Problem (400) when nothing can be done with it any more
    Upload lock(Connection connection, TenantId tenant, UUID id) throws SQLException {
        return first(connection, LOCK, tenant, id).requirePending();
    }

    private Upload first(Connection connection, String sql, TenantId tenant, UUID id) throws SQLException {
        return Sql.first(connection, sql, Upload::of, tenant, id)
                .orElseThrow(() -> notFound(id))
                .at(clock.instant());
    }

    /// A part that was taken in.
    record Part(UUID id, long bytes, FileStorage.Staged content) {}

    void addPart(Connection connection, Upload upload, Part part) throws SQLException {
        long stored = Sql.first(connection, STORED, row -> row.getLong(1), upload.tenant(), upload.id())
                .orElseThrow();
        if (stored + part.bytes > REDUNDANCY * upload.bytes()) {
            throw Problem.of(
                    ProblemKind.INVALID_REQUEST,
                    "too_many_bytes",
                    "The parts have far more than the %d bytes of this upload.".formatted(upload.bytes()));
        }
        Sql.update(connection, ADD_PART, upload.tenant(), part.id, upload.id(), part.bytes, part.content.location());
        part.content.keep(connection);
    }

    /// The sizes of these parts, as far as the upload has them.
    Map<UUID, Long> sizes(Upload upload, List<UUID> parts) {
        var sizes = new HashMap<UUID, Long>();
        transactions.runInTenant(
                upload.tenant(),
                connection -> Sql.list(
                        connection,
                        SIZES,
                        row -> sizes.put(Sql.uuid(row, "id"), row.getLong("bytes")),
                        upload.tenant(),
                        upload.id(),
                        parts));
        return sizes;
    }

    /// It is over, in this way, and its parts are gone.
    void end(Connection connection, Upload upload, Upload.Status status, Optional<FileId> file) throws SQLException {
        Sql.update(
                connection,
                END,
                status.name().toLowerCase(Locale.ROOT),
                file.map(FileId::value).orElse(null),
                upload.tenant(),
                upload.id());
        Sql.update(connection, DELETE_PARTS, upload.tenant(), upload.id());
    }

    /// Ends an upload that nobody has completed in time, or forgets one that is over.
    void expire(TenantId tenant, UUID id) {
        transactions.runInTenant(tenant, connection -> {
            Upload upload = Sql.first(connection, LOCK, Upload::of, tenant, id).orElseThrow(() -> notFound(id));
            if (!upload.isPending()) {
                Sql.update(connection, DELETE, tenant, id);
            } else if (!upload.at(clock.instant()).isPending()) {
                end(connection, upload, Upload.Status.EXPIRED, Optional.empty());
            }
        });
    }

    private static Problem notFound(UUID id) {
        return Upload.notFound(Ids.format(Upload.PREFIX, id));
    }
}
