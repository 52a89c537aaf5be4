package dev.parley.chat.responses;

import static dev.parley.chat.responses.ResponseParameterReader.number;
import static dev.parley.chat.responses.ResponseParameterReader.user;
import static dev.parley.chat.responses.ResponseReader.flag;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.parley.api.JsonField;
import dev.parley.api.Metadata;
import dev.parley.chat.request.ResolvedPrompt;
import java.util.Map;
import java.util.Set;

/// Reads what a response repeats of its request, and what of it steers nothing but that.
final class ResponseEchoReader {

    private ResponseEchoReader() {}

    static ResponseEcho read(JsonField request, ResponseTools tools) {
        boolean store = flag(request, "store", true);
        boolean background = flag(request, "background", false);
        if (background && !store) {
            throw request.get("background").invalid("a response in the background has to be stored.");
        }
        return new ResponseEcho(
                model(request),
                request.find("instructions")
                        .map(text -> text.text(Integer.MAX_VALUE))
                        .orElse(null),
                request.find("previous_response_id")
                        .map(id -> id.text(ResponseReader.MAX_ID))
                        .orElse(null),
                request.find("conversation")
                        .map(field -> new ResponseEcho.ConversationRef(ResponseReader.conversationId(field)))
                        .orElse(null),
                background,
                store,
                ResponseParameterReader.maxOutputTokens(request),
                number(request, "temperature", 2),
                number(request, "top_p", 1),
                request.find("text").map(JsonField::value).orElseGet(ResponseEchoReader::plainText),
                tools.choice(),
                tools.list(),
                flag(request, "parallel_tool_calls", true),
                request.find("truncation")
                        .map(field -> field.oneOf(Set.of("auto", "disabled")))
                        .orElse("disabled"),
                request.find("metadata").map(Metadata::read).orElse(Map.of()),
                user(request, "user").orElse(null),
                user(request, "safety_identifier").orElse(null),
                user(request, "prompt_cache_key").orElse(null),
                request.find("prompt")
                        .map(prompt -> ResolvedPrompt.shown(prompt.value()))
                        .orElse(null));
    }

    /// A prompt may bring it: unknown only in a request that its client repeats after its prompt is gone.
    private static String model(JsonField request) {
        return request.find("prompt").isPresent() && request.find("model").isEmpty()
                ? ""
                : request.get("model").text(ResponseReader.MAX_MODEL);
    }

    private static JsonNode plainText() {
        var text = JsonNodeFactory.instance.objectNode();
        text.putObject("format").put("type", "text");
        return text;
    }
}
