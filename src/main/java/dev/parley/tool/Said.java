package dev.parley.tool;

import org.jspecify.annotations.Nullable;

/// What models are told of calls that came to nothing by themselves.
final class Said {

    private Said() {}

    static String noSuchTool(String tool) {
        return "There is no tool '%s'. Use only the tools that are offered.".formatted(tool);
    }

    static String notJson() {
        return "The arguments are not a JSON object. Call again with arguments that fit the tool's schema.";
    }

    static String tooMany(int most) {
        return "This call was not made: at most %d calls are made at once. Make it later if it is still needed."
                .formatted(most);
    }

    static String repeated(String output) {
        return "This exact call was made before in this turn and is not made again. Its result: " + output;
    }

    static String twice() {
        return "The same call is made once in this round; see its result.";
    }

    static String timedOut(long millis) {
        return "The tool did not answer within %d ms.".formatted(millis);
    }

    static String stopped() {
        return "The call was stopped because the turn has ended.";
    }

    static String broken() {
        return "The tool failed by a mistake of its own.";
    }

    static String inDoubt(CallId call, String why) {
        return "%s It is not known whether the call took effect (effect id %s). Do not make it again; say that it is not known."
                .formatted(why, call);
    }

    static String happened() {
        return "The call took effect; its answer was lost.";
    }

    static String notHappened() {
        return "The call did not take effect.";
    }

    static String denied(StoredCall.@Nullable Decision decision) {
        return decision == null || decision.reason() == null
                ? "The call was denied by a person."
                : "The call was denied by a person: " + decision.reason();
    }

    static String gone(String tool) {
        return "The tool '%s' does not exist any more; the call was not made.".formatted(tool);
    }

    /// At most so many characters, and said so.
    static String bounded(String output, int most) {
        if (output.length() <= most) {
            return output;
        }
        int end = Character.isHighSurrogate(output.charAt(most - 1)) ? most - 1 : most;
        return output.substring(0, end) + "\n[cut off: %d characters in all]".formatted(output.length());
    }
}
