package dev.parley.chat.responses;

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

    /// What came of calls that an earlier exchange asked for is first: it belongs to that.
    List<ChatMessage> exchange(TenantId tenant, byte @Nullable [] request, byte @Nullable [] answer) {
        var messages = new ArrayList<ChatMessage>();
        if (request != null) {
            JsonField asked = JsonField.root(json.tree(codec.decode(tenant, request)));
            messages.addAll(input.read(asked.get("input"), true));
            messages.removeIf(SystemMessage.class::isInstance);
        }
        if (answer != null) {
            Told told = Told.decode(json, codec.decode(tenant, answer));
            var said = new OutputMessages();
            json.tree(told.fetched()).path("output").forEach(said::add);
            messages.addAll(0, said.resumed());
            messages.addAll(said.end());
        }
        return messages;
    }
}
