package dev.parley.ingestion.source;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.Deleted;
import dev.parley.api.JsonField;
import dev.parley.api.Page;
import dev.parley.idempotency.Idempotent;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import dev.parley.knowledge.SourceFiles;
import dev.parley.knowledge.VectorStoreId;
import dev.parley.postgres.Ids;
import dev.parley.postgres.TenantId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/v1/sources`: places outside whose documents are kept in a vector store.
@Path("/v1/sources")
@RolesAllowed(Scopes.KNOWLEDGE)
@RunOnVirtualThread
class SourcesResource {

    private static final int MAX_STORE_ID = 100;

    private final Sources sources;
    private final SourceDocuments documents;
    private final SourceRequests requests;
    private final SourceFiles files;
    private final Callers callers;

    SourcesResource(
            Sources sources, SourceDocuments documents, SourceRequests requests, SourceFiles files, Callers callers) {
        this.sources = sources;
        this.documents = documents;
        this.requests = requests;
        this.files = files;
        this.callers = callers;
    }

    @POST
    @Idempotent
    public SourceView create(@NotNull JsonNode body) {
        JsonField request = JsonField.root(body);
        Source.Settings settings = requests.create(request);
        VectorStoreId store =
                files.requireStore(tenant(), request.get(SourceRequests.STORE).text(MAX_STORE_ID));
        return SourceView.of(sources.create(tenant(), store, settings));
    }

    @GET
    public Page<SourceView> list(
            @RestQuery @Nullable String after,
            @RestQuery @DefaultValue("desc") String order,
            @RestQuery @DefaultValue("20") int limit) {
        int size = Page.checkLimit(limit);
        UUID cursor = Ids.cursor(SourceId.PREFIX, after, "a source");
        return Page.of(
                sources.list(tenant(), cursor, Page.isAscending(order), size + 1),
                size,
                SourceView::of,
                SourceView::id);
    }

    @GET
    @Path("/{id}")
    public SourceView get(@RestPath String id) {
        return SourceView.of(sources.get(parse(id)));
    }

    /// Changes what is mentioned.
    @POST
    @Path("/{id}")
    public SourceView change(@RestPath String id, @NotNull JsonNode body) {
        JsonField request = JsonField.root(body);
        return SourceView.of(sources.change(parse(id), before -> requests.change(request, before)));
    }

    /// Begins a run now, and answers with it under way.
    @POST
    @Path("/{id}/sync")
    @Idempotent
    public SourceView sync(@RestPath String id) {
        return SourceView.of(sources.sync(parse(id)));
    }

    /// Its files go in the background, unless they are to be kept.
    @DELETE
    @Path("/{id}")
    public Deleted delete(@RestPath String id, @RestQuery("keep_files") @DefaultValue("false") boolean keepFiles) {
        sources.delete(parse(id), keepFiles);
        return new Deleted(id, "source.deleted", true);
    }

    @GET
    @Path("/{id}/documents")
    public Page<SourceDocument.View> documents(
            @RestPath String id,
            @RestQuery @Nullable String after,
            @RestQuery @DefaultValue("desc") String order,
            @RestQuery @DefaultValue("20") int limit) {
        int size = Page.checkLimit(limit);
        UUID cursor = Ids.cursor(SourceDocument.PREFIX, after, "a document");
        return Page.of(
                documents.list(sources.get(parse(id)), cursor, Page.isAscending(order), size + 1),
                size,
                SourceDocument.View::of,
                SourceDocument.View::id);
    }

    private TenantId tenant() {
        return callers.current().tenant();
    }

    private SourceId parse(String id) {
        return SourceId.parse(tenant(), id);
    }
}
