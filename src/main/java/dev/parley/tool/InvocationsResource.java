package dev.parley.tool;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.parley.api.JsonField;
import dev.parley.idempotency.IdempotencyKey;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.Set;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/// `POST /v1/tools/{name}/invocations`: runs a tool without a model.
@Path("/v1/tools/{name}/invocations")
@RolesAllowed(Scopes.TOOLS)
@RunOnVirtualThread
class InvocationsResource {

    private final Invocations invocations;
    private final Callers callers;

    InvocationsResource(Invocations invocations, Callers callers) {
        this.invocations = invocations;
        this.callers = callers;
    }

    /// What came of it. That the tool failed is an answer too, as it is to a model.
    @POST
    public InvocationView invoke(
            @RestPath String name, @HeaderParam(IdempotencyKey.HEADER) @Nullable String key, JsonNode body) {
        JsonField request = JsonField.root(body).allowOnly(Set.of("arguments"));
        JsonNode arguments = request.find("arguments")
                .map(field -> field.object().value())
                .orElseGet(JsonNodeFactory.instance::objectNode);
        return InvocationView.of(invocations.invoke(callers.current(), name, arguments, key));
    }

    /// @param id of the call, under which `/v1/tool_calls` has it where it has effects or an approval
    /// @param status `completed`, `failed`, `in_doubt`, `awaiting_approval` or `denied`
    /// @param output as a model would read it
    @RegisterForReflection
    record InvocationView(
            String id,
            String object,
            String tool,
            String status,
            String output,
            @JsonProperty("duration_ms") long durationMs) {

        static InvocationView of(ToolResult result) {
            return new InvocationView(
                    result.call().id().toString(),
                    "tool.invocation",
                    result.call().tool(),
                    result.status().code(),
                    result.output(),
                    result.duration().toMillis());
        }
    }
}
