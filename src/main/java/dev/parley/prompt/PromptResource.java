package dev.parley.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.Deleted;
import dev.parley.api.JsonField;
import dev.parley.api.Page;
import dev.parley.idempotency.Idempotent;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import dev.parley.model.ChatModels;
import dev.parley.postgres.Json;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/v1/prompts/{id}`: looked at and archived; its versions, and what changed between two of them.
@Path("/v1/prompts/{id}")
@RolesAllowed({Scopes.CHAT, Scopes.PROMPTS, Scopes.RELEASE})
@RunOnVirtualThread
class PromptResource {

    private final Prompts prompts;
    private final PromptVersions versions;
    private final FeedbackBook feedback;
    private final ContentReader reader;
    private final Callers callers;
    private final Json json;

    PromptResource(
            Prompts prompts,
            PromptVersions versions,
            FeedbackBook feedback,
            ChatModels models,
            Callers callers,
            Json json) {
        this.prompts = prompts;
        this.versions = versions;
        this.feedback = feedback;
        this.reader = new ContentReader(models);
        this.callers = callers;
        this.json = json;
    }

    @GET
    public PromptView get(@RestPath String id) {
        return PromptView.of(prompt(id));
    }

    @DELETE
    @RolesAllowed(Scopes.PROMPTS)
    public Deleted archive(@RestPath String id) {
        prompts.archive(Author.of(callers.current()), PromptRef.of(id));
        return new Deleted(id, "prompt.deleted", true);
    }

    /// A new version; the latest one when that says the same.
    @POST
    @Path("/versions")
    @Idempotent
    @RolesAllowed(Scopes.PROMPTS)
    public PromptVersionView add(@RestPath String id, @NotNull JsonNode body) {
        return PromptVersionView.of(versions.add(Author.of(callers.current()), PromptRef.of(id), version(body)));
    }

    @GET
    @Path("/versions")
    public Page<PromptVersionView> list(
            @RestPath String id,
            @RestQuery @Nullable Integer after,
            @RestQuery @DefaultValue("desc") String order,
            @RestQuery @DefaultValue("20") int limit) {
        int size = Page.checkLimit(limit);
        var cursor = new PromptVersions.Cursor(after, Page.isAscending(order), size + 1);
        return Page.of(
                versions.list(tenant(), prompt(id), cursor),
                size,
                PromptVersionView::of,
                version -> Integer.toString(version.version()));
    }

    @GET
    @Path("/versions/{version}")
    public PromptVersionView get(@RestPath String id, @RestPath String version) {
        return PromptVersionView.of(version(prompt(id), version));
    }

    private PromptVersion version(Prompt prompt, String number) {
        if (!number.matches("[1-9]\\d{0,8}")) {
            throw Problem.notFound("version", number);
        }
        return versions.get(tenant(), prompt, Integer.parseInt(number));
    }

    /// What people think of the answers that came of it.
    @GET
    @Path("/versions/{version}/feedback")
    public FeedbackCounts feedback(@RestPath String id, @RestPath String version) {
        PromptVersion found = version(prompt(id), version);
        return feedback.counts(tenant(), found.prompt(), found.number());
    }

    @GET
    @Path("/diff")
    public PromptDiff diff(@RestPath String id, @RestQuery @Nullable Integer from, @RestQuery @Nullable Integer to) {
        Prompt prompt = prompt(id);
        PromptVersion before = versions.get(tenant(), prompt, given("from", from));
        PromptVersion after = versions.get(tenant(), prompt, given("to", to));
        return PromptDiff.between(before, after, List.of(json.toTree(before.content()), json.toTree(after.content())));
    }

    private static int given(String name, @Nullable Integer version) {
        if (version == null) {
            throw Problem.missing(name);
        }
        return version;
    }

    private NewVersion version(JsonNode body) {
        var members = new HashSet<>(ContentReader.MEMBERS);
        members.addAll(Set.of("note", "expected_revision"));
        JsonField request = JsonField.root(body).allowOnly(members);
        return new NewVersion(reader.read(request), LabelMove.note(request), LabelMove.expectedRevision(request));
    }

    private Prompt prompt(String id) {
        return prompts.get(tenant(), PromptRef.of(id));
    }

    private TenantId tenant() {
        return callers.current().tenant();
    }
}
