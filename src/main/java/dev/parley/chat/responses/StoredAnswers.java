package dev.parley.chat.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.parley.api.JsonField;
import dev.parley.chat.ChatConfig;
import dev.parley.chat.Told;
import dev.parley.postgres.ContentCodec;
import dev.parley.postgres.Json;
import dev.parley.postgres.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was asked and answered in a stored response, as the messages that models take. Instructions are not among
/// them: they belong to a request.
@ApplicationScoped
class StoredAnswers {

    private final ContentCodec codec;
    private final Json json;
    private final ResponseInputReader input;

    StoredAnswers(ContentCodec codec, Json json, ChatConfig config) {
        this.codec = codec;
        this.json = json;
        this.input = new ResponseInputReader(config);
    }

    List<ChatMessage> exchange(TenantId tenant, byte @Nullable [] request, byte @Nullable [] answer) {
        var messages = new ArrayList<ChatMessage>();
        if (request != null) {
            JsonField asked = JsonField.root(json.tree(codec.decode(tenant, request)));
            messages.addAll(input.read(asked.get("input"), true));
            messages.removeIf(SystemMessage.class::isInstance);
        }
        if (answer != null) {
            Told told = Told.decode(json, codec.decode(tenant, answer));
            said(json.tree(told.fetched()).path("output"), messages);
        }
        return messages;
    }

    private static void said(JsonNode output, List<ChatMessage> messages) {
        var texts = new ArrayList<String>();
        var refusals = new ArrayList<String>();
        var calls = new ArrayList<ToolExecutionRequest>();
        for (JsonNode item : output) {
            item.path("content").forEach(part -> {
                add(part.path("text"), texts);
                add(part.path("refusal"), refusals);
            });
            if (item.path("type").asText().equals("function_call") && isWhole(item)) {
                calls.add(call(item));
            }
        }
        if (!texts.isEmpty() || !refusals.isEmpty() || !calls.isEmpty()) {
            messages.add(ResponseInputReader.answer(texts, refusals).toBuilder()
                    .toolExecutionRequests(calls)
                    .build());
        }
    }

    private static void add(JsonNode text, List<String> texts) {
        if (text.isTextual()) {
            texts.add(text.textValue());
        }
    }

    private static boolean isWhole(JsonNode item) {
        return item.path("status").asText().equals(ResponseItem.COMPLETED);
    }

    private static ToolExecutionRequest call(JsonNode item) {
        return ToolExecutionRequest.builder()
                .id(item.path("call_id").asText())
                .name(item.path("name").asText())
                .arguments(item.path("arguments").asText())
                .build();
    }
}
