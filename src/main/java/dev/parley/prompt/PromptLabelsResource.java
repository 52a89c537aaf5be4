package dev.parley.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.Deleted;
import dev.parley.api.JsonField;
import dev.parley.api.Page;
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
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/v1/prompts/{id}/labels/{label}`: moved, deleted, and who did so.
@Path("/v1/prompts/{id}/labels/{label}")
@RolesAllowed({Scopes.CHAT, Scopes.PROMPTS, Scopes.RELEASE})
@RunOnVirtualThread
class PromptLabelsResource {

    private final Prompts prompts;
    private final PromptLabels labels;
    private final Callers callers;

    PromptLabelsResource(Prompts prompts, PromptLabels labels, Callers callers) {
        this.prompts = prompts;
        this.labels = labels;
        this.callers = callers;
    }

    @GET
    public LabelView get(@RestPath String id, @RestPath String label) {
        Prompt prompt = prompts.get(tenant(), PromptRef.of(id));
        return LabelView.of(prompt, prompt.label(label).orElseThrow(() -> Missing.label(prompt, label)));
    }

    @PUT
    @RolesAllowed({Scopes.PROMPTS, Scopes.RELEASE})
    public LabelView move(@RestPath String id, @RestPath String label, @NotNull JsonNode body) {
        if (!Label.isName(label)) {
            throw Problem.invalid("label", "Labels have 1 to 64 small letters, digits, dots, dashes and underscores.");
        }
        LabelMove move = LabelMove.read(JsonField.root(body));
        Prompt prompt = labels.move(Author.of(callers.current()), PromptRef.of(id), label, move);
        return LabelView.of(prompt, prompt.label(label).orElseThrow());
    }

    @DELETE
    @RolesAllowed({Scopes.PROMPTS, Scopes.RELEASE})
    public Deleted delete(
            @RestPath String id,
            @RestPath String label,
            @RestQuery("expected_revision") @Nullable Long expectedRevision) {
        labels.delete(Author.of(callers.current()), PromptRef.of(id), label, expectedRevision);
        return new Deleted(label, "prompt.label.deleted", true);
    }

    /// Newest first, also of a label that was deleted.
    @GET
    @Path("/history")
    public Page<LabelChangeView> history(
            @RestPath String id,
            @RestPath String label,
            @RestQuery @Nullable String after,
            @RestQuery @DefaultValue("20") int limit) {
        int size = Page.checkLimit(limit);
        UUID cursor = Ids.cursor(LabelChange.PREFIX, after, "a change");
        Prompt prompt = prompts.get(tenant(), PromptRef.of(id));
        return Page.of(
                labels.history(tenant(), prompt, label, new PromptLabels.HistoryPage(cursor, size + 1)),
                size,
                LabelChangeView::of,
                LabelChangeView::id);
    }

    private TenantId tenant() {
        return callers.current().tenant();
    }
}
