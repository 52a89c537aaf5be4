package dev.parley.batch;

import dev.parley.api.Page;
import dev.parley.idempotency.Idempotent;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/v1/batches`: OpenAI's Batch API.
@Path("/v1/batches")
@RolesAllowed(Scopes.CHAT)
@RunOnVirtualThread
class BatchesResource {

    private final Batches batches;
    private final Endpoints endpoints;
    private final InputFiles input;
    private final Callers callers;

    BatchesResource(Batches batches, Endpoints endpoints, InputFiles input, Callers callers) {
        this.batches = batches;
        this.endpoints = endpoints;
        this.input = input;
        this.callers = callers;
    }

    @POST
    @Idempotent
    public BatchObject create(@NotNull @Valid NewBatch request) {
        endpoints.get(request.check().endpoint());
        return BatchObject.of(batches.create(
                callers.current(), request, input.find(callers.current().tenant(), request.inputFileId())));
    }

    @GET
    public Page<BatchObject> list(@RestQuery @Nullable String after, @RestQuery @DefaultValue("20") int limit) {
        int size = Page.checkLimit(limit);
        BatchId cursor = after == null ? null : BatchId.cursor(after);
        return Page.of(
                batches.list(callers.current().tenant(), cursor, size + 1), size, BatchObject::of, BatchObject::id);
    }

    @GET
    @Path("/{id}")
    public BatchObject get(@RestPath String id) {
        return BatchObject.of(batches.get(callers.current().tenant(), BatchId.parse(id)));
    }

    @POST
    @Path("/{id}/cancel")
    public BatchObject cancel(@RestPath String id) {
        return BatchObject.of(batches.cancel(callers.current().tenant(), BatchId.parse(id)));
    }
}
