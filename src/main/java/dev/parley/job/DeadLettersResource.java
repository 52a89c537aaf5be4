package dev.parley.job;

import dev.parley.api.Deleted;
import dev.parley.api.Page;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import dev.parley.postgres.Ids;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/v1/dead_letters`: what failed for good, where and why; to be sent round again or given up.
@Path("/v1/dead_letters")
@RolesAllowed(Scopes.KNOWLEDGE)
@RunOnVirtualThread
class DeadLettersResource {

    private final DeadLetters letters;
    private final Callers callers;

    DeadLettersResource(DeadLetters letters, Callers callers) {
        this.letters = letters;
        this.callers = callers;
    }

    @GET
    public Page<DeadLetter> list(
            @RestQuery @Nullable String after,
            @RestQuery @DefaultValue("desc") String order,
            @RestQuery @DefaultValue("20") int limit) {
        int size = Page.checkLimit(limit);
        UUID cursor = Ids.cursor(Job.PREFIX, after, "a dead letter");
        return Page.of(
                letters.list(tenant(), cursor, Page.isAscending(order), size + 1),
                size,
                letter -> letter,
                DeadLetter::id);
    }

    @GET
    @Path("/{id}")
    public DeadLetter get(@RestPath String id) {
        return letters.find(tenant(), parse(id)).orElseThrow(() -> notFound(id));
    }

    /// Answers with the dead letter as it was.
    @POST
    @Path("/{id}/redrive")
    public DeadLetter redrive(@RestPath String id) {
        return letters.redrive(tenant(), parse(id)).orElseThrow(() -> notFound(id));
    }

    @DELETE
    @Path("/{id}")
    public Deleted delete(@RestPath String id) {
        if (!letters.delete(tenant(), parse(id))) {
            throw notFound(id);
        }
        return new Deleted(id, "dead_letter.deleted", true);
    }

    private TenantId tenant() {
        return callers.current().tenant();
    }

    private static UUID parse(String id) {
        return Ids.parse(Job.PREFIX, id).orElseThrow(() -> notFound(id));
    }

    private static Problem notFound(String id) {
        return Problem.notFound("dead letter", id);
    }
}
