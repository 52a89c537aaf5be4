package dev.parley.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.JsonField;
import dev.parley.api.Page;
import dev.parley.idempotency.Idempotent;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import dev.parley.model.ChatModels;
import dev.parley.postgres.Ids;
import dev.parley.postgres.TenantId;
import dev.parley.postgres.Transactions;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/v1/prompts`: made and listed.
@Path("/v1/prompts")
@RolesAllowed({Scopes.CHAT, Scopes.PROMPTS, Scopes.RELEASE})
@RunOnVirtualThread
class PromptsResource {

    private static final int MAX_NAME = 64;

    private final Prompts prompts;
    private final PromptVersions versions;
    private final Transactions transactions;
    private final ContentReader reader;
    private final Callers callers;

    PromptsResource(
            Prompts prompts, PromptVersions versions, Transactions transactions, ChatModels models, Callers callers) {
        this.prompts = prompts;
        this.versions = versions;
        this.transactions = transactions;
        this.reader = new ContentReader(models);
        this.callers = callers;
    }

    /// A prompt, with its first version where there are messages: the two are written together or not at all.
    @POST
    @Idempotent
    @RolesAllowed(Scopes.PROMPTS)
    public PromptView create(@NotNull JsonNode body) {
        JsonField request = JsonField.root(body).allowOnly(members());
        String name = name(request.get("name"));
        NewVersion first = first(request);
        Author author = Author.of(callers.current());
        return transactions.inTenant(author.tenant(), _ -> {
            Prompt created = prompts.create(author, name);
            if (first == null) {
                return PromptView.of(created);
            }
            var reference = new PromptRef(created.id(), name);
            versions.add(author, reference, first);
            return PromptView.of(prompts.get(author.tenant(), reference));
        });
    }

    @GET
    public Page<PromptView> list(
            @RestQuery @Nullable String after,
            @RestQuery @DefaultValue("desc") String order,
            @RestQuery @DefaultValue("20") int limit) {
        int size = Page.checkLimit(limit);
        UUID cursor = Ids.cursor(PromptRef.PREFIX, after, "a prompt");
        return Page.of(
                prompts.list(tenant(), cursor, Page.isAscending(order), size + 1),
                size,
                PromptView::of,
                PromptView::id);
    }

    private @Nullable NewVersion first(JsonField request) {
        if (request.find("messages").isPresent()) {
            return new NewVersion(reader.read(request), LabelMove.note(request), null);
        }
        members().stream().filter(member -> !member.equals("name")).forEach(member -> request.find(member)
                .ifPresent(field -> {
                    throw field.invalid("it belongs to a version, which begins with 'messages'.");
                }));
        return null;
    }

    private static Set<String> members() {
        var members = new HashSet<>(ContentReader.MEMBERS);
        members.addAll(Set.of("name", "note"));
        return members;
    }

    private static String name(JsonField name) {
        String text = name.text(MAX_NAME);
        if (!PromptRef.isName(text)) {
            throw name.invalid("expected letters, digits, dots, dashes and underscores, and nothing like an id.");
        }
        return text;
    }

    private TenantId tenant() {
        return callers.current().tenant();
    }
}
