package dev.parley.job;

import dev.parley.postgres.Ids;
import dev.parley.postgres.TenantId;
import java.util.UUID;

/// A piece of work on a subject of its feature.
///
/// @param subject names what is worked on, in the feature's own words; there is one job per kind and subject
/// @param attempt counts from 1 since the last commit that the job's handler made
public record Job(TenantId tenant, UUID id, String kind, String subject, int attempt) {

    static final String PREFIX = "job_";

    @Override
    public String toString() {
        return kind + " " + Ids.format(PREFIX, id);
    }
}
