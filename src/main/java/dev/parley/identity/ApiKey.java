package dev.parley.identity;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A key as it is stored: everything but the secret.
@Entity
@Table(name = "api_keys")
class ApiKey {

    @Id
    UUID id;

    @Column(name = "tenant_id")
    UUID tenantId;

    String name;
    String prefix;
    byte[] hash;
    String[] scopes;

    @Column(name = "user_id")
    @Nullable
    String userId;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "expires_at")
    @Nullable
    Instant expiresAt;

    @Column(name = "revoked_at")
    @Nullable
    Instant revokedAt;

    @Column(name = "last_used_at")
    @Nullable
    Instant lastUsedAt;

    /// For Hibernate.
    @SuppressWarnings("NullAway.Init")
    protected ApiKey() {}

    @SuppressWarnings("NullAway.Init")
    ApiKey(UUID tenantId, UUID id, ApiKeySecret secret, NewApiKey request, Instant now) {
        this.tenantId = tenantId;
        this.id = id;
        this.name = request.name();
        this.prefix = secret.visiblePrefix();
        this.hash = secret.hash();
        this.scopes = request.scopesOrDefault().stream().sorted().toArray(String[]::new);
        this.userId = request.user();
        this.createdAt = now;
        this.expiresAt = request.expiresAt() == null ? null : Instant.ofEpochSecond(request.expiresAt());
    }
}
