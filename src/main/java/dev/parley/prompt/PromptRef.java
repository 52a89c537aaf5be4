package dev.parley.prompt;

import dev.parley.postgres.Ids;
import dev.parley.problem.Problem;
import java.util.UUID;
import java.util.regex.Pattern;

/// A prompt as clients name it: by its id, or by the name that it has while it is not archived.
///
/// @param id nobody's when it is a name
record PromptRef(UUID id, String text) {

    static final String PREFIX = "prompt_";

    private static final UUID NOBODY = new UUID(0, 0);
    private static final int MAX_TEXT = 64;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /// @throws Problem (404) for what can be neither
    static PromptRef of(String text) {
        if (text.length() > MAX_TEXT || !NAME.matcher(text).matches()) {
            throw Problem.notFound("prompt", text);
        }
        return new PromptRef(Ids.parse(PREFIX, text).orElse(NOBODY), text);
    }

    /// Whether a prompt can be called so: what looks like an id would be taken for one.
    static boolean isName(String text) {
        return NAME.matcher(text).matches() && Ids.parse(PREFIX, text).isEmpty();
    }

    Problem notFound() {
        return Problem.notFound("prompt", text);
    }

    static String format(UUID id) {
        return Ids.format(PREFIX, id);
    }
}
