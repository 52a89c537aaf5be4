package dev.parley.identity;

import dev.parley.postgres.Ids;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Parameters;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A tenant's API keys.
@ApplicationScoped
class ApiKeys implements PanacheRepositoryBase<ApiKey, UUID> {

    static final String ID_PREFIX = "key_";

    private final Transactions transactions;
    private final Clock clock;

    ApiKeys(Transactions transactions, Clock clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    static String format(UUID id) {
        return Ids.format(ID_PREFIX, id);
    }

    ApiKey create(TenantId tenant, ApiKeySecret secret, NewApiKey request) {
        var key = new ApiKey(tenant.value(), Ids.next(), secret, request, clock.instant());
        transactions.runInTenant(tenant, _ -> persistAndFlush(key));
        return key;
    }

    /// Keys that are not revoked, newest first, one more than the limit where there is one.
    List<ApiKey> list(TenantId tenant, @Nullable UUID after, int limit) {
        return transactions.inTenant(
                tenant,
                _ -> after == null
                        ? find("revokedAt is null order by id desc")
                                .range(0, limit)
                                .list()
                        : find("revokedAt is null and id < :after order by id desc", Parameters.with("after", after))
                                .range(0, limit)
                                .list());
    }

    /// The key that is no longer usable.
    ApiKey revoke(TenantId tenant, String id) {
        UUID key = Ids.parse(ID_PREFIX, id).orElseThrow(() -> Problem.notFound("API key", id));
        return transactions.inTenant(tenant, _ -> {
            ApiKey found = find("id = ?1 and revokedAt is null", key)
                    .firstResultOptional()
                    .orElseThrow(() -> Problem.notFound("API key", id));
            found.revokedAt = clock.instant();
            return found;
        });
    }
}
