package dev.parley.knowledge;

import dev.parley.idempotency.NotCompared;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Sha256;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Parameters;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/// A tenant's files. One that has expired is gone for every reader; [ExpiredFiles] deletes it.
@ApplicationScoped
class Files implements PanacheRepositoryBase<StoredFile, UUID> {

    private final Transactions transactions;
    private final Clock clock;
    private final FileStorage storage;
    private final FileContents contents;

    Files(Transactions transactions, Clock clock, ContentIntake intake, FileContents contents) {
        this.transactions = transactions;
        this.clock = clock;
        this.storage = intake;
        this.contents = contents;
    }

    /// An upload whose content has been taken in, with the row that it will have.
    record Prepared(StoredFile row, FileStorage.Staged content) implements NotCompared {}

    /// Takes an upload in, outside of any transaction. The content is read twice: once for its hash, and once to where
    /// it stays.
    Prepared prepare(TenantId tenant, NewFile upload) {
        return prepare(tenant, new FileId(Ids.next()), upload);
    }

    /// @param id a new one
    Prepared prepare(TenantId tenant, FileId id, NewFile upload) {
        StoredFile row = row(tenant, id, upload);
        FileStorage.Staged content =
                storage.stage(ContentOwner.file(tenant, id), upload.content(), upload.contentType());
        row.location = content.location();
        return new Prepared(row, content);
    }

    /// Makes it a file, whole or not at all.
    StoredFile store(TenantId tenant, Prepared prepared) {
        transactions.runInTenant(tenant, connection -> {
            persistAndFlush(prepared.row);
            prepared.content.keep(connection);
        });
        return prepared.row;
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

    FileContent content(TenantId tenant, FileId id) {
        return contents.open(ContentOwner.file(tenant, id));
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
        try (var content = new DigestInputStream(upload.open(), sha256)) {
            content.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return sha256.digest();
    }
}
