package dev.parley.conversation;

import dev.parley.postgres.Ids;
import dev.parley.problem.Problem;
import java.util.UUID;

public record ConversationId(UUID value) {

    public static final String PREFIX = "conv_";

    static ConversationId next() {
        return new ConversationId(Ids.next());
    }

    /// @throws Problem (404) when the text cannot be a conversation's id
    public static ConversationId parse(String text) {
        return new ConversationId(Ids.parse(PREFIX, text).orElseThrow(() -> Problem.notFound("conversation", text)));
    }

    Problem notFound() {
        return Problem.notFound("conversation", toString());
    }

    @Override
    public String toString() {
        return Ids.format(PREFIX, value);
    }
}
