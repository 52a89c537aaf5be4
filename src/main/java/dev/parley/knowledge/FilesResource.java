package dev.parley.knowledge;

import dev.parley.api.Deleted;
import dev.parley.api.Page;
import dev.parley.idempotency.IdempotencyKey;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import dev.parley.postgres.TenantId;
import dev.parley.problem.BrokenOff;
import dev.parley.problem.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

/// `/v1/files`: OpenAI's Files API.
@Path("/v1/files")
@RolesAllowed(Scopes.KNOWLEDGE)
@RunOnVirtualThread
class FilesResource {

    private static final int MAX_LIMIT = 10_000;

    private final Files files;
    private final NewFiles newFiles;
    private final IngestionQueue queue;
    private final Removal removal;
    private final Callers callers;
    private final KnowledgeConfig config;

    FilesResource(
            Files files,
            NewFiles newFiles,
            IngestionQueue queue,
            Removal removal,
            Callers callers,
            KnowledgeConfig config) {
        this.files = files;
        this.newFiles = newFiles;
        this.queue = queue;
        this.removal = removal;
        this.callers = callers;
        this.config = config;
    }

    /// The content is taken in before the transaction of an `Idempotency-Key` begins; a repetition's is thrown away.
    @POST
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    public FileObject upload(
            @RestForm("file") @Nullable FileUpload file,
            @RestForm @Nullable String purpose,
            @RestForm("expires_after[anchor]") @Nullable String anchor,
            @RestForm("expires_after[seconds]") @Nullable String seconds,
            @RestHeader(IdempotencyKey.HEADER) @Nullable String key) {
        if (file == null) {
            throw Problem.missing("file");
        }
        if (purpose == null) {
            throw Problem.missing("purpose");
        }
        String filename = Filename.sanitise(file.fileName());
        var upload = new NewFile(
                filename,
                purpose,
                Filename.contentType(filename, file.contentType()),
                file.uploadedFile(),
                file.size(),
                Lifetime.ofFile(anchor, seconds));
        TenantId tenant = callers.current().tenant();
        if (NewFile.isForRetrieval(purpose) && key == null) { // with one, there may be an answer already
            queue.checkRoom(tenant);
        }
        Files.Prepared prepared =
                files.prepare(tenant, upload.check(config.maxFileSize().asLongValue()));
        return newFiles.create(prepared, file, purpose, anchor, seconds);
    }

    @GET
    public Page<FileObject> list(
            @RestQuery @Nullable String purpose,
            @RestQuery @Nullable String after,
            @RestQuery @DefaultValue("10000") int limit,
            @RestQuery @DefaultValue("desc") String order) {
        int size = Page.checkLimit(limit, MAX_LIMIT);
        FileId cursor = after == null ? null : FileId.cursor(after);
        var query = new FileQuery(purpose, cursor, size, Page.isAscending(order));
        return Page.of(files.list(callers.current().tenant(), query), size, FileObject::of, FileObject::id);
    }

    @GET
    @Path("/{id}")
    public FileObject get(@RestPath String id) {
        return FileObject.of(files.get(callers.current().tenant(), FileId.parse(id)));
    }

    /// The bytes as they came. A browser is told to save them: what a client uploads is never run on this origin.
    @GET
    @Path("/{id}/content")
    public Response content(@RestPath String id, @Context RoutingContext http) {
        var tenant = callers.current().tenant();
        StoredFile file = files.get(tenant, FileId.parse(id));
        FileContent content = files.content(tenant, file.fileId()).begun();
        return Response.ok(BrokenOff.by(http, out -> send(content, out)))
                .type(file.contentType)
                .header("Content-Length", file.bytes)
                .header("Content-Disposition", disposition(file.filename))
                .header("X-Content-Type-Options", "nosniff")
                .build();
    }

    private static void send(FileContent content, OutputStream out) throws IOException {
        try (content) {
            content.transferTo(out);
        }
    }

    @DELETE
    @Path("/{id}")
    public Deleted delete(@RestPath String id) {
        removal.file(callers.current().tenant(), FileId.parse(id));
        return new Deleted(id, "file", true);
    }

    /// RFC 6266: an ASCII name for old clients, the real one percent-encoded.
    private static String disposition(String filename) {
        String ascii = filename.replaceAll("[^\\w. -]", "_");
        String encoded = URLEncoder.encode(filename, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
        return "attachment; filename=\"%s\"; filename*=UTF-8''%s".formatted(ascii, encoded);
    }
}
