package dev.parley.usage;

import dev.parley.postgres.DatabaseFailure;
import dev.parley.postgres.Ids;
import dev.parley.postgres.Sql;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A tenant's rate limits.
@ApplicationScoped
class RateLimits {

    private static final String SELECT = "SELECT * FROM rate_limits WHERE tenant_id = ?";

    private static final String INSERT = """
            INSERT INTO rate_limits (tenant_id, id, scope, subject, requests_per_minute, tokens_per_minute)
            VALUES (?, ?, ?, ?, ?, ?)""";

    private static final String UPDATE =
            "UPDATE rate_limits SET requests_per_minute = ?, tokens_per_minute = ? WHERE tenant_id = ? AND id = ?";

    /// In the order of admissions: first what a new bucket refers to, then the buckets by their key.
    private static final List<String> LOCKS = List.of(
            "SELECT 1 FROM rate_limits WHERE tenant_id = ? AND id = ? FOR UPDATE",
            "SELECT 1 FROM rate_buckets WHERE tenant_id = ? AND rate_limit_id = ? ORDER BY subject FOR UPDATE");

    private final Transactions transactions;

    RateLimits(Transactions transactions) {
        this.transactions = transactions;
    }

    /// @throws Problem (409) when there is one for the same subject
    RateLimit create(TenantId tenant, Target target, Ceilings ceilings) {
        var id = new RateLimitId(Ids.next());
        try {
            return transactions.inTenant(tenant, connection -> {
                Sql.update(
                        connection,
                        INSERT,
                        tenant,
                        id.value(),
                        target.scope().code(),
                        target.subject(),
                        ceilings.first(),
                        ceilings.second());
                return get(tenant, id);
            });
        } catch (DatabaseFailure failure) {
            throw failure.isDuplicate() ? duplicate() : failure;
        }
    }

    /// @throws Problem (404) when the tenant has no such limit
    RateLimit get(TenantId tenant, RateLimitId id) {
        return transactions.inTenant(
                tenant, connection -> Sql.first(connection, SELECT + " AND id = ?", RateLimit::of, tenant, id.value())
                        .orElseThrow(() -> notFound(id.toString())));
    }

    /// One more than the page holds where there is one.
    List<RateLimit> list(TenantId tenant, @Nullable UUID after, boolean ascending, int limit) {
        String page = ascending ? " AND id > ? ORDER BY id LIMIT ?" : " AND id < ? ORDER BY id DESC LIMIT ?";
        UUID start = after != null ? after : ascending ? new UUID(0, 0) : new UUID(-1, -1);
        return transactions.inTenant(
                tenant, connection -> Sql.list(connection, SELECT + page, RateLimit::of, tenant, start, limit));
    }

    /// Buckets keep what they hold, but never more than a minute's worth of the new limit. A side that was open
    /// begins full.
    RateLimit change(TenantId tenant, RateLimitId id, UnaryOperator<Ceilings> change) {
        return transactions.inTenant(tenant, connection -> {
            Ceilings changed = change.apply(get(tenant, id).ceilings());
            Sql.update(connection, UPDATE, changed.first(), changed.second(), tenant, id.value());
            return get(tenant, id);
        });
    }

    /// Its buckets go with it.
    ///
    /// @throws Problem (404) when the tenant has no such limit
    void delete(TenantId tenant, RateLimitId id) {
        int deleted = transactions.inTenant(tenant, connection -> {
            for (String lock : LOCKS) {
                Sql.list(connection, lock, _ -> true, tenant, id.value());
            }
            return Sql.update(connection, "DELETE FROM rate_limits WHERE tenant_id = ? AND id = ?", tenant, id.value());
        });
        if (deleted == 0) {
            throw notFound(id.toString());
        }
    }

    static Problem notFound(String id) {
        return Problem.notFound("rate limit", id);
    }

    private static Problem duplicate() {
        return Problem.of(
                ProblemKind.CONFLICT,
                "rate_limit_exists",
                "There is a rate limit for this scope and subject already: change it.");
    }
}
