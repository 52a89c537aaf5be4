package dev.parley.chat.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.JsonField;
import dev.parley.postgres.TenantId;
import dev.parley.prompt.PromptMessage;
import dev.parley.prompt.PromptUses;
import dev.parley.prompt.RenderedPrompt;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Puts what a request's prompt brings in the places where a request says it, as far as the request does not. So
/// it is read and checked like any other, and is whole when it is stored: whoever runs it later runs this version.
@ApplicationScoped
public class PromptExpansion {

    private final PromptUses uses;

    PromptExpansion(PromptUses uses) {
        this.uses = uses;
    }

    /// Changes a request that names a prompt.
    ///
    /// @param turn that it is to become
    /// @throws dev.parley.problem.Problem as [PromptUses#use]
    public JsonNode expand(PromptForm form, TenantId tenant, UUID turn, JsonNode body) {
        JsonField request = JsonField.root(body);
        Optional<JsonField> reference = form.reference(request);
        reference.ifPresent(named -> {
            RenderedPrompt prompt = uses.use(tenant, named, form.occasion(request, turn));
            expand(form, (ObjectNode) body, (ObjectNode) named.value(), prompt);
        });
        return body;
    }

    private static void expand(PromptForm form, ObjectNode request, ObjectNode reference, RenderedPrompt prompt) {
        if (prompt.model() != null && isOpen(request, "model")) {
            request.put("model", prompt.model());
        }
        prompt.settings()
                .properties()
                .forEach(each ->
                        form.suggest(request, each.getKey(), each.getValue().deepCopy()));
        addKnowledge(request, prompt);
        addTools(request, prompt.tools());
        List<PromptMessage> said = prompt.messages().stream()
                .filter(message -> !message.instructs())
                .toList();
        boolean asks = isOpen(request, form.messages()) && !said.isEmpty();
        if (asks) {
            request.set(form.messages(), messages(said));
        }
        List<PromptMessage> rest = asks
                ? prompt.messages().stream().filter(PromptMessage::instructs).toList()
                : prompt.messages();
        ResolvedPrompt.write(reference, prompt, messages(rest));
    }

    static boolean isOpen(ObjectNode request, String member) {
        return request.path(member).isMissingNode() || request.path(member).isNull();
    }

    /// A request that looks somewhere itself looks nowhere else.
    private static void addKnowledge(ObjectNode request, RenderedPrompt prompt) {
        boolean searches = !request.path("parley").path("vector_store_ids").isEmpty();
        for (JsonNode tool : request.path("tools")) {
            searches |= tool.path("type").asText().equals("file_search");
        }
        if (prompt.knowledge() == null || searches) {
            return;
        }
        ObjectNode parley = parley(request);
        prompt.knowledge().properties().forEach(each -> {
            if (isOpen(parley, each.getKey()) || each.getKey().equals("vector_store_ids")) {
                parley.set(each.getKey(), each.getValue().deepCopy());
            }
        });
    }

    private static void addTools(ObjectNode request, List<String> tools) {
        if (!tools.isEmpty() && isOpen(parley(request), "tools")) {
            tools.forEach(parley(request).putArray("tools")::add);
        }
    }

    private static ObjectNode parley(ObjectNode request) {
        return request.path("parley") instanceof ObjectNode given ? given : request.putObject("parley");
    }

    private static ArrayNode messages(List<PromptMessage> messages) {
        var array = JsonNodeFactory.instance.arrayNode();
        messages.forEach(
                message -> array.addObject().put("role", message.role()).put("content", message.content()));
        return array;
    }
}
