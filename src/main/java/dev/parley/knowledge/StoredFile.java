package dev.parley.knowledge;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A file as it is stored; its bytes are apart.
@Entity
@Table(name = "files")
class StoredFile {

    @Id
    UUID id;

    @Column(name = "tenant_id")
    UUID tenantId;

    String filename;
    String purpose;

    @Column(name = "content_type")
    String contentType;

    long bytes;
    byte[] sha256;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "expires_at")
    @Nullable
    Instant expiresAt;

    /// Where the bytes are; null for the database.
    @Nullable
    String location;

    /// For Hibernate.
    @SuppressWarnings("NullAway.Init")
    StoredFile() {}

    FileId fileId() {
        return new FileId(id);
    }
}
