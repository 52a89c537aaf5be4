package dev.parley.tool;

import dev.parley.postgres.Ids;
import dev.parley.problem.Problem;
import java.util.Optional;
import java.util.UUID;

/// The id of a tool's call: what prompts and answers name it by, and, as an effect id, its tool.
public record CallId(UUID value) {

    private static final String PREFIX = "call_";

    /// OpenAI's name for the same call while it waits for an approval.
    private static final String APPROVAL = "mcpr_";

    public static CallId next() {
        return new CallId(Ids.next());
    }

    /// Empty for any other id, such as one that a provider made up.
    public static Optional<CallId> find(String text) {
        return Ids.parse(PREFIX, text).or(() -> Ids.parse(APPROVAL, text)).map(CallId::new);
    }

    /// @throws Problem (404) for any other id
    static CallId parse(String text) {
        return find(text).orElseThrow(() -> notFound(text));
    }

    Problem notFound() {
        return notFound(toString());
    }

    private static Problem notFound(String text) {
        return Problem.notFound("tool call", text);
    }

    public String approval() {
        return Ids.format(APPROVAL, value);
    }

    @Override
    public String toString() {
        return Ids.format(PREFIX, value);
    }
}
