package dev.parley.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.Deleted;
import dev.parley.api.JsonField;
import dev.parley.idempotency.Idempotent;
import dev.parley.identity.Caller;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import dev.parley.problem.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/v1/responses/{id}/feedback`: thumbs up or down, of responses and chat completions.
@Path("/v1/responses/{id}/feedback")
@RolesAllowed(Scopes.CHAT)
@RunOnVirtualThread
class FeedbackResource {

    private static final int MAX_USER = 512;
    private static final String USER = "user";

    private final FeedbackBook book;
    private final Callers callers;

    FeedbackResource(FeedbackBook book, Callers callers) {
        this.book = book;
        this.callers = callers;
    }

    /// Replaces what the same caller said for the same user.
    @POST
    @Idempotent
    public Feedback put(@RestPath String id, @NotNull JsonNode body) {
        JsonField request = JsonField.root(body).allowOnly(Opinion.MEMBERS);
        String user = request.find(USER).map(name -> name.text(MAX_USER)).orElse(null);
        return book.put(callers.current().tenant(), id, Opinion.read(request), rater(user));
    }

    @DELETE
    public Deleted delete(@RestPath String id, @RestQuery @Nullable String user) {
        book.delete(callers.current().tenant(), id, rater(user));
        return new Deleted(id, "response.feedback.deleted", true);
    }

    /// A key that is bound to a user speaks for no other.
    private Feedback.Rater rater(@Nullable String named) {
        Caller caller = callers.current();
        String user = caller.user() != null ? caller.user() : named == null ? "" : named;
        if (user.indexOf('\0') >= 0) {
            throw Problem.invalid(USER, "'user' holds no NUL.");
        }
        return new Feedback.Rater(caller.keyId(), user);
    }
}
