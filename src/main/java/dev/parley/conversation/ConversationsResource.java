package dev.parley.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.api.Deleted;
import dev.parley.api.JsonField;
import dev.parley.api.Metadata;
import dev.parley.api.Page;
import dev.parley.idempotency.Idempotent;
import dev.parley.identity.Callers;
import dev.parley.identity.Scopes;
import dev.parley.problem.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/v1/conversations`: made, looked at and deleted here; turns fill them.
@Path("/v1/conversations")
@RolesAllowed(Scopes.CHAT)
@RunOnVirtualThread
class ConversationsResource {

    private final Conversations conversations;
    private final Items items;
    private final ItemReader reader;
    private final Callers callers;

    ConversationsResource(Conversations conversations, Items items, ConversationConfig config, Callers callers) {
        this.conversations = conversations;
        this.items = items;
        this.reader = new ItemReader(config);
        this.callers = callers;
    }

    /// The body may be left out.
    @POST
    @Idempotent
    public Conversation create(@Nullable JsonNode body) {
        if (body == null) {
            return conversations.create(callers.current().tenant(), Map.of(), List.of());
        }
        JsonField request = JsonField.root(body).allowOnly(Set.of("metadata", "items"));
        return conversations.create(
                callers.current().tenant(),
                request.find("metadata").map(Metadata::read).orElse(Map.of()),
                request.find("items").map(reader::read).orElse(List.of()));
    }

    @GET
    @Path("/{id}")
    public Conversation get(@RestPath String id) {
        return conversations.get(callers.current().tenant(), ConversationId.parse(id));
    }

    @POST
    @Path("/{id}")
    public Conversation update(@RestPath String id, @NotNull JsonNode body) {
        JsonField request = JsonField.root(body).allowOnly(Set.of("metadata"));
        return conversations.update(
                callers.current().tenant(), ConversationId.parse(id), Metadata.read(request.get("metadata")));
    }

    @DELETE
    @Path("/{id}")
    public Deleted delete(@RestPath String id) {
        conversations.delete(callers.current().tenant(), ConversationId.parse(id));
        return new Deleted(id, "conversation.deleted", true);
    }

    @GET
    @Path("/{id}/items")
    public Page<ItemView> items(
            @RestPath String id,
            @RestQuery @Nullable String after,
            @RestQuery @DefaultValue("20") int limit,
            @RestQuery @DefaultValue("desc") String order) {
        int size = Page.checkLimit(limit);
        var tenant = callers.current().tenant();
        var conversation = ConversationId.parse(id);
        conversations.get(tenant, conversation);
        var cursor = new Items.Cursor(after == null ? null : seq(after), Page.isAscending(order), size + 1);
        return Page.of(items.list(tenant, conversation, cursor), size, ItemView::of, ItemView::id);
    }

    /// They follow what was said.
    @POST
    @Idempotent
    @Path("/{id}/items")
    public Page<ItemView> add(@RestPath String id, @NotNull JsonNode body) {
        JsonField request = JsonField.root(body).allowOnly(Set.of("items"));
        List<Item> added = reader.read(request.get("items"));
        if (added.isEmpty()) {
            throw request.get("items").invalid("expected at least one item.");
        }
        List<StoredItem> stored = items.add(callers.current().tenant(), ConversationId.parse(id), added);
        return Page.of(stored, stored.size(), ItemView::of, ItemView::id);
    }

    @GET
    @Path("/{id}/items/{item}")
    public ItemView item(@RestPath String id, @RestPath String item) {
        return StoredItem.seqOf(item)
                .flatMap(seq -> items.find(callers.current().tenant(), ConversationId.parse(id), seq))
                .filter(stored -> stored.id().equals(item))
                .map(ItemView::of)
                .orElseThrow(() -> Problem.notFound("item", item));
    }

    /// Answers with the conversation, as OpenAI does.
    @DELETE
    @Path("/{id}/items/{item}")
    public Conversation deleteItem(@RestPath String id, @RestPath String item) {
        var tenant = callers.current().tenant();
        var conversation = ConversationId.parse(id);
        String found = item(id, item).id();
        items.delete(tenant, conversation, StoredItem.seqOf(found).orElseThrow());
        return conversations.get(tenant, conversation);
    }

    private static long seq(String after) {
        return StoredItem.seqOf(after).orElseThrow(() -> Problem.invalid("after", "'after' is not the id of an item."));
    }
}
