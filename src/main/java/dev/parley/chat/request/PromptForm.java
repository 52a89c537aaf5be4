package dev.parley.chat.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.JsonField;
import dev.parley.prompt.Occasion;
import java.util.Optional;
import java.util.UUID;

/// Where a face's requests say what a prompt brings.
public interface PromptForm {

    /// The prompt that the request names.
    Optional<JsonField> reference(JsonField request);

    /// @param turn that the request is to become
    Occasion occasion(JsonField request, UUID turn);

    /// The member that holds what is said.
    String messages();

    /// Sets one of a prompt's settings, unless the request has it. Those that its requests cannot say are left to
    /// [ResolvedPrompt].
    void suggest(ObjectNode request, String setting, JsonNode value);
}
