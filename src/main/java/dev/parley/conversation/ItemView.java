package dev.parley.conversation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An item as OpenAI's Conversations API shows it; what its type does not have is left out.
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
record ItemView(
        String id,
        String type,
        String status,
        @Nullable String role,
        @Nullable List<Part> content,
        @JsonProperty("call_id") @Nullable String callId,
        @Nullable String name,
        @Nullable String arguments,
        @Nullable String output) {

    /// A piece of a message's content: `text`, or what a model said instead. `annotations` is there for the model's
    /// text, as OpenAI's clients expect.
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Part(
            String type,
            @Nullable String text,
            @Nullable String refusal,
            @Nullable List<String> annotations) {

        static Part of(Item.Message message) {
            if (message.isRefusal()) {
                return new Part("refusal", null, message.text(), null);
            }
            return message.isUsers()
                    ? new Part("input_text", message.text(), null, null)
                    : new Part("output_text", message.text(), null, List.of());
        }
    }

    static ItemView of(StoredItem stored) {
        return switch (stored.item()) {
            case Item.Message message -> message(stored.id(), message);
            case Item.FunctionCall call ->
                new ItemView(
                        stored.id(),
                        "function_call",
                        "completed",
                        null,
                        null,
                        call.callId(),
                        call.name(),
                        call.arguments(),
                        null);
            case Item.FunctionCallOutput output ->
                new ItemView(
                        stored.id(),
                        "function_call_output",
                        "completed",
                        null,
                        null,
                        output.callId(),
                        null,
                        null,
                        output.output());
        };
    }

    private static ItemView message(String id, Item.Message message) {
        return new ItemView(
                id,
                "message",
                "completed",
                message.role(),
                List.of(Part.of(message)),
                null,
                message.name(),
                null,
                null);
    }
}
