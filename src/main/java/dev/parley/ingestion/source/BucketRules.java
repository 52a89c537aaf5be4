package dev.parley.ingestion.source;

import dev.parley.ingestion.IngestionConfig;
import dev.parley.ingestion.IngestionConfig.BucketRule;
import dev.parley.knowledge.SourceFiles;
import dev.parley.postgres.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/// What tenants may read of the buckets that the operator lists. Parley's own role can read all of them, so this is
/// what keeps one tenant from another's objects: it is asked when a source is made or changed, at every run and at
/// every event.
@ApplicationScoped
class BucketRules {

    static final String TENANT = "{tenant}";

    private final IngestionConfig config;
    private final SourceFiles files;

    BucketRules(IngestionConfig config, SourceFiles files) {
        this.config = config;
        this.files = files;
    }

    /// No rule opens what Parley itself keeps in a bucket: those are everybody's files, and a source's own copies would
    /// be new documents for ever.
    boolean allow(TenantId tenant, String bucket, String prefix) {
        return !files.mayBeKeptIn(bucket, prefix)
                && (isItsOwn(tenant, bucket, prefix)
                        || config.buckets().values().stream().anyMatch(rule -> allows(rule, tenant, bucket, prefix)));
    }

    private boolean isItsOwn(TenantId tenant, String bucket, String prefix) {
        return config.tenantBuckets().orElse(List.of()).contains(bucket) && prefix.startsWith(tenant + "/");
    }

    /// A rule for everybody without a tenant in its prefix would let everybody read all of it: it allows nothing.
    private static boolean allows(BucketRule rule, TenantId tenant, String bucket, String prefix) {
        boolean isForAll = rule.tenant().isEmpty();
        return rule.bucket().equals(bucket)
                && (isForAll || rule.tenant().get().equals(tenant.toString()))
                && (!isForAll || rule.prefix().contains(TENANT))
                && prefix.startsWith(rule.prefix().replace(TENANT, tenant.toString()));
    }
}
