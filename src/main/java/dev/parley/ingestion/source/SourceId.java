package dev.parley.ingestion.source;

import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/// A source of a tenant.
record SourceId(TenantId tenant, UUID value) {

    static final String PREFIX = "src_";

    /// @throws Problem (404) when the text cannot be a source's id
    static SourceId parse(TenantId tenant, String text) {
        return new SourceId(tenant, Ids.parse(PREFIX, text).orElseThrow(() -> notFound(text)));
    }

    /// @param row of any tenant's, as functions of the database give it
    static SourceId of(ResultSet row) throws SQLException {
        return new SourceId(new TenantId(Sql.uuid(row, "tenant_id")), Sql.uuid(row, "source_id"));
    }

    static Problem notFound(String id) {
        return Problem.notFound("source", id);
    }

    @Override
    public String toString() {
        return Ids.format(PREFIX, value);
    }
}
