package dev.parley.chat.responses;

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

/// OpenAI's `prompt`.
record ResponsePromptForm(Caller caller) implements PromptForm {

    @Override
    public Optional<JsonField> reference(JsonField request) {
        return request.find("prompt");
    }

    @Override
    public Occasion occasion(JsonField request, UUID turn) {
        String user = ResponseParameterReader.payingUser(request).orElse(null);
        return new Occasion(
                turn,
                request.find("conversation")
                        .map(ResponseReader::conversationId)
                        .map(id -> ConversationId.parse(id).value())
                        .orElse(null),
                request.find("previous_response_id")
                        .map(id -> ResponseChain.parse(id.text(ResponseReader.MAX_ID))
                                .turn())
                        .orElse(null),
                Payer.of(caller, user).user());
    }

    @Override
    public String messages() {
        return "input";
    }

    /// Responses know no `stop` and no `seed`.
    @Override
    public void suggest(ObjectNode request, String setting, JsonNode value) {
        switch (setting) {
            case "temperature", "top_p", "max_output_tokens" -> {
                if (!request.hasNonNull(setting)) {
                    request.set(setting, value);
                }
            }
            case "response_format" -> {
                ObjectNode text = request.path("text") instanceof ObjectNode given ? given : request.putObject("text");
                if (!text.hasNonNull("format")) {
                    text.set("format", flat(value));
                }
            }
            default -> {}
        }
    }

    /// Here a schema's members stand beside its type.
    private static JsonNode flat(JsonNode format) {
        if (!(format.path("json_schema") instanceof ObjectNode schema)) {
            return format;
        }
        ObjectNode flat = schema.deepCopy();
        return flat.put("type", "json_schema");
    }
}
