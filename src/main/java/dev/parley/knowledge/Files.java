package dev.parley.knowledge;

import dev.parley.postgres.Ids;
import dev.parley.postgres.Sha256;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Parameters;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/// A tenant's files. One that has expired is gone for every reader; [ExpiredFiles] deletes it.
@ApplicationScoped
class Files implements PanacheRepositoryBase<StoredFile, UUID> {

    private static final String INSERT_PART =
            "INSERT INTO file_parts (tenant_id, file_id, part, data) VALUES (?, ?, ?, ?)";

    private final Transactions transactions;
    private final Clock clock;

    Files(Transactions transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    /// Stores an upload whole or not at all. The content is read twice, part by part: once for its hash, before any
    /// connection is taken, and once into the database.
    StoredFile store(TenantId tenant, NewFile upload) {
        return store(tenant, new FileId(Ids.next()), upload);
    }

    /// @param id a new one
    StoredFile store(TenantId tenant, FileId id, NewFile upload) {
        StoredFile file = row(tenant, id, upload);
        transactions.runInTenant(tenant, connection -> {
            persistAndFlush(file);
            writeParts(connection, tenant, file.id, upload);
        });
        return file;
    }

    /// The file, if the tenant has it.
    ///
    /// @throws Problem (404) when it has not
    StoredFile get(TenantId tenant, FileId id) {
        return transactions.inTenant(
                tenant, _ -> find("id = ?1 and (expiresAt is null or expiresAt > ?2)", id.value(), clock.instant())
                        .firstResultOptional()
                        .orElseThrow(() -> Problem.notFound("file", id.toString())));
    }

    /// One more than the limit where there is one.
    List<StoredFile> list(TenantId tenant, FileQuery query) {
        var conditions = new StringBuilder("(expiresAt is null or expiresAt > :now)");
        var parameters = Parameters.with("now", clock.instant());
        if (query.purpose() != null) {
            conditions.append(" and purpose = :purpose");
            parameters.and("purpose", query.purpose());
        }
        if (query.after() != null) {
            conditions.append(query.ascending() ? " and id > :after" : " and id < :after");
            parameters.and("after", query.after().value());
        }
        Sort order = query.ascending() ? Sort.ascending("id") : Sort.descending("id");
        return transactions.inTenant(tenant, _ -> find(conditions.toString(), order, parameters)
                .range(0, query.limit())
                .list());
    }

    InputStream content(TenantId tenant, FileId id) {
        return new FileContent(transactions, tenant, id);
    }

    private StoredFile row(TenantId tenant, FileId id, NewFile upload) {
        var file = new StoredFile();
        file.id = id.value();
        file.tenantId = tenant.value();
        file.filename = upload.filename();
        file.purpose = upload.purpose();
        file.contentType = upload.contentType();
        file.bytes = upload.bytes();
        file.sha256 = hash(upload);
        file.createdAt = clock.instant();
        file.expiresAt = upload.lifetime() == null ? null : file.createdAt.plus(upload.lifetime());
        return file;
    }

    private static byte[] hash(NewFile upload) {
        MessageDigest sha256 = Sha256.digest();
        try (var content = new DigestInputStream(open(upload), sha256)) {
            content.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return sha256.digest();
    }

    private static void writeParts(Connection connection, TenantId tenant, UUID file, NewFile upload)
            throws SQLException {
        try (var content = open(upload)) {
            int number = 0;
            for (byte[] part = content.readNBytes(FileContent.PART_SIZE);
                    part.length > 0;
                    part = content.readNBytes(FileContent.PART_SIZE)) {
                Sql.update(connection, INSERT_PART, tenant, file, number++, part);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static InputStream open(NewFile upload) throws IOException {
        return java.nio.file.Files.newInputStream(upload.content());
    }
}
