package dev.parley.ingestion.source;

import dev.parley.postgres.Ids;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import java.util.UUID;

/// A source of a tenant.
record SourceId(TenantId tenant, UUID value) {

    static final String PREFIX = "src_";

    /// @throws Problem (404) when the text cannot be a source's id
    static SourceId parse(TenantId tenant, String text) {
        return new SourceId(tenant, Ids.parse(PREFIX, text).orElseThrow(() -> notFound(text)));
    }

    static Problem notFound(String id) {
        return Problem.notFound("source", id);
    }

    @Override
    public String toString() {
        return Ids.format(PREFIX, value);
    }
}
