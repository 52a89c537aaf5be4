package dev.parley.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.JsonField;
import dev.parley.api.Page;
import dev.parley.identity.Caller;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/v1/tool_calls`: what tools were called for, what waits for an approval, and what is in doubt.
@Path("/v1/tool_calls")
@RolesAllowed(Scopes.APPROVALS)
@RunOnVirtualThread
class ToolCallsResource {

    private static final int MAX_REASON = 2000;
    private static final int MAX_OUTPUT = 32_768;

    private final CallLedger ledger;
    private final Callers callers;

    ToolCallsResource(CallLedger ledger, Callers callers) {
        this.ledger = ledger;
        this.callers = callers;
    }

    /// @param status `awaiting_approval`, `in_doubt`, …; absent for any
    @GET
    public Page<ToolCallView> list(
            @RestQuery @Nullable String status,
            @RestQuery @Nullable String after,
            @RestQuery @DefaultValue("desc") String order,
            @RestQuery @DefaultValue("20") int limit) {
        int size = Page.checkLimit(limit);
        var query = new CallLedger.Query(
                status == null ? null : status(status), cursor(after), Page.isAscending(order), size + 1);
        return Page.of(ledger.list(tenant(), query), size, ToolCallView::of, ToolCallView::id);
    }

    @GET
    @Path("/{id}")
    public ToolCallView get(@RestPath String id) {
        return view(CallId.parse(id));
    }

    /// The call may be made: by the request that goes on with its turn, or that repeats it.
    @POST
    @Path("/{id}/approve")
    public ToolCallView approve(@RestPath String id, @Nullable JsonNode body) {
        return decide(CallId.parse(id), true, body);
    }

    /// The call is not made; the model is told so, and why.
    @POST
    @Path("/{id}/deny")
    public ToolCallView deny(@RestPath String id, @Nullable JsonNode body) {
        return decide(CallId.parse(id), false, body);
    }

    /// The same decision again changes nothing.
    private ToolCallView decide(CallId call, boolean approved, @Nullable JsonNode body) {
        String reason = body == null
                ? null
                : JsonField.root(body)
                        .allowOnly(Set.of("reason"))
                        .find("reason")
                        .map(field -> field.text(MAX_REASON))
                        .orElse(null);
        Caller caller = callers.current();
        boolean decided = ledger.decide(caller.tenant(), call, approved, caller.keyId(), reason);
        StoredCall stored = stored(call);
        boolean denied = stored.status() == CallStatus.DENIED;
        if (!decided && (stored.decision() == null || denied == approved)) {
            throw notAwaiting(stored);
        }
        return ToolCallView.of(stored);
    }

    /// Says what became of a call in doubt, as somebody found out.
    @POST
    @Path("/{id}/resolve")
    public ToolCallView resolve(@RestPath String id, JsonNode body) {
        JsonField request = JsonField.root(body).allowOnly(Set.of("status", "output"));
        String status = request.get("status").oneOf(Set.of("completed", "failed"));
        String output = request.find("output")
                .map(field -> field.text(MAX_OUTPUT))
                .orElse(status.equals("completed") ? Said.happened() : Said.notHappened());
        CallId call = CallId.parse(id);
        StoredCall stored = stored(call);
        if (stored.shownStatus() != CallStatus.IN_DOUBT) {
            throw notInDoubt(stored);
        }
        ledger.end(tenant(), call, CallStatus.of(status), output);
        return view(call);
    }

    private ToolCallView view(CallId call) {
        return ToolCallView.of(stored(call));
    }

    private StoredCall stored(CallId call) {
        return ledger.find(tenant(), call).orElseThrow(call::notFound);
    }

    private TenantId tenant() {
        return callers.current().tenant();
    }

    private static CallStatus status(String code) {
        return Arrays.stream(CallStatus.values())
                .filter(status -> status.code().equals(code))
                .findFirst()
                .orElseThrow(() -> Problem.invalid(
                        "status",
                        "'status' must be one of %s."
                                .formatted(Arrays.stream(CallStatus.values())
                                        .map(CallStatus::code)
                                        .collect(Collectors.joining(", ")))));
    }

    private static @Nullable UUID cursor(@Nullable String after) {
        return after == null
                ? null
                : CallId.find(after)
                        .orElseThrow(() -> Problem.invalid("after", "'after' is not the id of a tool call."))
                        .value();
    }

    private static Problem notAwaiting(StoredCall call) {
        return Problem.of(
                ProblemKind.CONFLICT,
                "tool_call_decided",
                "The tool call '%s' waits for no approval: it is %s."
                        .formatted(call.id(), call.shownStatus().code()));
    }

    private static Problem notInDoubt(StoredCall call) {
        return Problem.of(
                ProblemKind.CONFLICT,
                "tool_call_not_in_doubt",
                "The tool call '%s' is not in doubt: it is %s."
                        .formatted(call.id(), call.shownStatus().code()));
    }
}
