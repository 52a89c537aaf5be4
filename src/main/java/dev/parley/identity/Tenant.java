package dev.parley.identity;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;

/// A tenant as the API shows it.
///
/// @param createdAt Unix seconds
@RegisterForReflection
record Tenant(
        String object,
        String id,
        String name,
        String status,
        @JsonProperty("created_at") long createdAt) {

    static Tenant of(ResultSet row) throws SQLException {
        return new Tenant(
                "tenant",
                new TenantId(Sql.uuid(row, "tenant_id")).toString(),
                row.getString("name"),
                row.getString("status"),
                Objects.requireNonNull(Sql.instant(row, "created_at")).getEpochSecond());
    }
}
