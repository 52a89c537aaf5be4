package dev.parley.chat.completions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.api.JsonField;
import dev.parley.chat.request.PromptForm;
import dev.parley.conversation.ConversationId;
import dev.parley.identity.Caller;
import dev.parley.prompt.Occasion;
import dev.parley.usage.Payer;
import java.util.Optional;
import java.util.UUID;

/// `prompt` under `parley`: OpenAI's chat completions know none.
record CompletionPromptForm(Caller caller) implements PromptForm {

    private static final int MAX_ID = 64;
    private static final int MAX_USER = 512;

    @Override
    public Optional<JsonField> reference(JsonField request) {
        return request.find("parley").flatMap(parley -> parley.find("prompt"));
    }

    @Override
    public Occasion occasion(JsonField request, UUID turn) {
        String user = request.find("user").map(name -> name.text(MAX_USER)).orElse(null);
        return new Occasion(
                turn,
                request.get("parley")
                        .find("conversation")
                        .map(id -> ConversationId.parse(id.text(MAX_ID)).value())
                        .orElse(null),
                null,
                Payer.of(caller, user).user());
    }

    @Override
    public String messages() {
        return "messages";
    }

    @Override
    public void suggest(ObjectNode request, String setting, JsonNode value) {
        if (setting.equals("max_output_tokens")) {
            if (!request.hasNonNull("max_tokens") && !request.hasNonNull("max_completion_tokens")) {
                request.set("max_completion_tokens", value);
            }
        } else if (!request.hasNonNull(setting)) {
            request.set(setting, value);
        }
    }
}
