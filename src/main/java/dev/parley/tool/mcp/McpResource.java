package dev.parley.tool.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.idempotency.IdempotencyKey;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import dev.parley.postgres.Json;
import dev.parley.problem.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// `/mcp`: one endpoint for clients of every revision. It keeps no session, so any process can answer any request; it
/// answers with JSON and opens no streams (GET and DELETE are 405).
@Path("/mcp")
@RolesAllowed(Scopes.TOOLS)
@RunOnVirtualThread
class McpResource {

    private static final Logger LOG = Logger.getLogger(McpResource.class);

    private final Origins origins;
    private final McpMethods methods;
    private final Callers callers;
    private final Json json;

    McpResource(Origins origins, McpMethods methods, Callers callers, Json json) {
        this.origins = origins;
        this.methods = methods;
        this.callers = callers;
        this.json = json;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response post(byte @Nullable [] body, @Context HttpHeaders headers) {
        try {
            origins.check(headers.getHeaderString("Origin"));
            checkAccept(headers);
            RpcRequest request = RpcRequest.read(json, body);
            return request.id() == null ? noted(request, headers) : answer(request, request.id(), headers);
        } catch (RpcFailure failure) {
            return failed(null, failure);
        }
    }

    private static void checkAccept(HttpHeaders headers) {
        if (headers.getAcceptableMediaTypes().stream().noneMatch(MediaType.APPLICATION_JSON_TYPE::isCompatible)) {
            throw RpcFailure.http(406, RpcFailure.INVALID_REQUEST, "Answers are application/json: accept it.");
        }
    }

    /// Nothing that clients notify of changes anything here.
    private static Response noted(RpcRequest notification, HttpHeaders headers) {
        Negotiation.revision(notification, headers);
        return Response.accepted().build();
    }

    private Response answer(RpcRequest request, JsonNode id, HttpHeaders headers) {
        try {
            Revision revision = Negotiation.revision(request, headers);
            var exchange = new McpExchange(
                    callers.current(), revision, request, headers.getHeaderString(IdempotencyKey.HEADER));
            return Response.ok(RpcAnswer.of(id, methods.answer(exchange)), MediaType.APPLICATION_JSON_TYPE)
                    .build();
        } catch (RpcFailure failure) {
            return failed(id, failure);
        } catch (Problem problem) {
            return failed(id, Problems.told(problem));
        } catch (RuntimeException failure) {
            LOG.error("Unexpected failure", failure);
            return failed(
                    id,
                    RpcFailure.http(
                            500, RpcFailure.INTERNAL, "The server had an error while processing your request."));
        }
    }

    private static Response failed(@Nullable JsonNode id, RpcFailure failure) {
        var response = Response.status(failure.status())
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(RpcAnswer.of(id, failure.error()));
        failure.headers().forEach(response::header);
        return response.build();
    }
}
