package dev.parley.usage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.Deleted;
import dev.parley.api.JsonField;
import dev.parley.api.Page;
import dev.parley.idempotency.Idempotent;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import dev.parley.postgres.Ids;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.Set;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/v1/budgets`: how much may be spent in a day or a month, by whom and on what.
@Path("/v1/budgets")
@RolesAllowed(Scopes.ADMIN)
@RunOnVirtualThread
class BudgetsResource {

    private static final String PERIOD = "period";

    private final Budgets budgets;
    private final Targets targets;
    private final Callers callers;

    BudgetsResource(Budgets budgets, Targets targets, Callers callers) {
        this.budgets = budgets;
        this.targets = targets;
        this.callers = callers;
    }

    @POST
    @Idempotent
    public BudgetView create(@NotNull JsonNode body) {
        JsonField request = JsonField.root(body)
                .allowOnly(
                        Set.of(Targets.SCOPE, Targets.SUBJECT, PERIOD, Budget.FIELDS.first(), Budget.FIELDS.second()));
        var terms = new Budgets.Terms(
                targets.read(tenant(), request),
                Period.of(request.get(PERIOD).oneOf(Period.CODES)),
                Budget.FIELDS.read(request));
        return BudgetView.of(budgets.create(tenant(), terms));
    }

    @GET
    public Page<BudgetView> list(
            @RestQuery @Nullable String after,
            @RestQuery @DefaultValue("desc") String order,
            @RestQuery @DefaultValue("20") int limit) {
        int size = Page.checkLimit(limit);
        UUID cursor = Ids.cursor(BudgetId.PREFIX, after, "a budget");
        return Page.of(
                budgets.list(tenant(), cursor, Page.isAscending(order), size + 1),
                size,
                BudgetView::of,
                BudgetView::id);
    }

    /// @param subject whose counters to show, where each user, key or model is counted by itself
    @GET
    @Path("/{id}")
    public BudgetView get(@RestPath String id, @RestQuery @Nullable String subject) {
        Budget budget = budgets.get(tenant(), parse(id), null);
        if (subject == null) {
            return BudgetView.of(budget);
        }
        if (budget.current() != null) {
            throw Problem.invalid(Targets.SUBJECT, "This budget has one count only: leave 'subject' out.");
        }
        String counted = targets.stored(tenant(), budget.target().scope(), subject);
        return BudgetView.of(budgets.get(tenant(), budget.id(), counted));
    }

    /// Changes the limits that are mentioned; null takes one away.
    @POST
    @Path("/{id}")
    public BudgetView change(@RestPath String id, @NotNull JsonNode body) {
        JsonField request = JsonField.root(body).allowOnly(Budget.FIELDS.names());
        return BudgetView.of(budgets.change(tenant(), parse(id), old -> Budget.FIELDS.change(request, old)));
    }

    @DELETE
    @Path("/{id}")
    public Deleted delete(@RestPath String id) {
        budgets.delete(tenant(), parse(id));
        return new Deleted(id, "budget.deleted", true);
    }

    private TenantId tenant() {
        return callers.current().tenant();
    }

    private static BudgetId parse(String id) {
        return new BudgetId(Ids.parse(BudgetId.PREFIX, id).orElseThrow(() -> Budgets.notFound(id)));
    }
}
