package dev.parley.conversation;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/// What was said or done in a conversation, as it is stored: the item types of OpenAI's Conversations.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Item.Message.class, name = "message"),
    @JsonSubTypes.Type(value = Item.FunctionCall.class, name = "function_call"),
    @JsonSubTypes.Type(value = Item.FunctionCallOutput.class, name = "function_call_output")
})
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
sealed interface Item {

    /// @param role `user` or `assistant`
    /// @param refusal true when the text is what a model said instead of an answer; null otherwise
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @RegisterForReflection
    record Message(
            String role,
            String text,
            @Nullable String name,
            @Nullable Boolean refusal) implements Item {

        static final String USER = "user";
        static final String ASSISTANT = "assistant";

        static Message user(String text, @Nullable String name) {
            return new Message(USER, text, name, null);
        }

        static Message assistant(String text) {
            return new Message(ASSISTANT, text, null, null);
        }

        static Message refusal(String text) {
            return new Message(ASSISTANT, text, null, true);
        }

        boolean isUsers() {
            return role.equals(USER);
        }

        boolean isRefusal() {
            return Boolean.TRUE.equals(refusal);
        }
    }

    /// @param arguments JSON, as the model wrote it
    @JsonIgnoreProperties(ignoreUnknown = true)
    @RegisterForReflection
    record FunctionCall(String callId, String name, String arguments) implements Item {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    @RegisterForReflection
    record FunctionCallOutput(String callId, String output) implements Item {}

    /// Who speaks, as the table's `role` column has it.
    default String speaker() {
        return switch (this) {
            case Message message -> message.role();
            case FunctionCall _ -> Message.ASSISTANT;
            case FunctionCallOutput _ -> "tool";
        };
    }
}
