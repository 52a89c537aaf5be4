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

/// A tenant's budgets, each with what is spent and reserved in its current period.
@ApplicationScoped
class Budgets {

    /// The subject counted is the budget's own, or, where each is counted by itself, the one asked for.
    private static final String SELECT = """
            SELECT b.*, c.subject IS NOT NULL AS is_counted,
                   p.spent_micros, p.reserved_micros, p.spent_tokens, p.reserved_tokens
              FROM budgets b
             CROSS JOIN LATERAL (SELECT CASE b.scope WHEN 'tenant' THEN '' ELSE coalesce(b.subject, ?) END AS subject) c
              LEFT JOIN budget_periods p ON p.tenant_id = b.tenant_id AND p.budget_id = b.id AND p.subject = c.subject
               AND p.starts_on = date_trunc(b.period, now() AT TIME ZONE 'UTC')::date
             WHERE b.tenant_id = ?""";

    private static final String INSERT = """
            INSERT INTO budgets (tenant_id, id, scope, subject, period, limit_micros, limit_tokens)
            VALUES (?, ?, ?, ?, ?, ?, ?)""";

    private static final String UPDATE =
            "UPDATE budgets SET limit_micros = ?, limit_tokens = ? WHERE tenant_id = ? AND id = ?";

    /// In the order of admissions: first what a new counter refers to, then the counters by their key.
    private static final List<String> LOCKS = List.of(
            "SELECT 1 FROM budgets WHERE tenant_id = ? AND id = ? FOR UPDATE",
            "SELECT 1 FROM budget_periods WHERE tenant_id = ? AND budget_id = ? ORDER BY id FOR UPDATE");

    private final Transactions transactions;

    Budgets(Transactions transactions) {
        this.transactions = transactions;
    }

    /// What a new budget is to be.
    record Terms(Target target, Period period, Ceilings ceilings) {}

    /// @throws Problem (409) when there is one for the same subject and period
    Budget create(TenantId tenant, Terms terms) {
        UUID id = Ids.next();
        try {
            return transactions.inTenant(tenant, connection -> {
                Sql.update(
                        connection,
                        INSERT,
                        tenant,
                        id,
                        terms.target.scope().code(),
                        terms.target.subject(),
                        terms.period.code(),
                        terms.ceilings.first(),
                        terms.ceilings.second());
                return get(tenant, new BudgetId(id), null);
            });
        } catch (DatabaseFailure failure) {
            throw failure.isDuplicate() ? duplicate() : failure;
        }
    }

    /// @param subject whose counters are wanted, where each is counted by itself
    /// @throws Problem (404) when the tenant has no such budget
    Budget get(TenantId tenant, BudgetId id, @Nullable String subject) {
        return transactions.inTenant(tenant, connection -> Sql.first(
                        connection, SELECT + " AND b.id = ?", Budget::of, subject, tenant, id.value())
                .orElseThrow(() -> notFound(id.toString())));
    }

    /// One more than the page holds where there is one.
    List<Budget> list(TenantId tenant, @Nullable UUID after, boolean ascending, int limit) {
        String page = ascending ? " AND b.id > ? ORDER BY b.id LIMIT ?" : " AND b.id < ? ORDER BY b.id DESC LIMIT ?";
        UUID start = after != null ? after : ascending ? new UUID(0, 0) : new UUID(-1, -1);
        return transactions.inTenant(
                tenant, connection -> Sql.list(connection, SELECT + page, Budget::of, null, tenant, start, limit));
    }

    /// What is spent stays spent: a lower limit only refuses what comes next.
    Budget change(TenantId tenant, BudgetId id, UnaryOperator<Ceilings> change) {
        return transactions.inTenant(tenant, connection -> {
            Ceilings changed = change.apply(get(tenant, id, null).ceilings());
            Sql.update(connection, UPDATE, changed.first(), changed.second(), tenant, id.value());
            return get(tenant, id, null);
        });
    }

    /// Its counters go with it.
    ///
    /// @throws Problem (404) when the tenant has no such budget
    void delete(TenantId tenant, BudgetId id) {
        int deleted = transactions.inTenant(tenant, connection -> {
            for (String lock : LOCKS) {
                Sql.list(connection, lock, _ -> true, tenant, id.value());
            }
            return Sql.update(connection, "DELETE FROM budgets WHERE tenant_id = ? AND id = ?", tenant, id.value());
        });
        if (deleted == 0) {
            throw notFound(id.toString());
        }
    }

    static Problem notFound(String id) {
        return Problem.notFound("budget", id);
    }

    private static Problem duplicate() {
        return Problem.of(
                ProblemKind.CONFLICT,
                "budget_exists",
                "There is a budget for this scope, subject and period already: change its limits.");
    }
}
