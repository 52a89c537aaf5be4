package dev.parley.function;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// What Lambda is told of a failure. It ends in Lambda's own logs and metrics, so the message holds no event data.
///
/// @param type `Category.Reason`, as Lambda recommends
record FunctionFailure(String type, String message) {

    /// The process did not start. There is no event yet, and what stops a start says what to configure.
    static FunctionFailure atStart(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return new FunctionFailure("Runtime.StartFailed", describe(root) + ": " + root.getMessage());
    }

    /// The event is not one this function serves.
    static FunctionFailure unreadableEvent() {
        return new FunctionFailure("Function.UnreadableEvent", "The event is none that this function serves.");
    }

    /// What the event asks for could not be done. A migration that failed was rolled back.
    static FunctionFailure failed(Throwable cause) {
        return new FunctionFailure("Function.Failed", describe(cause));
    }

    /// The application gave no answer.
    static FunctionFailure noAnswer(Throwable cause) {
        return new FunctionFailure("Function.NoAnswer", describe(cause));
    }

    /// The application's answer ended before it was complete.
    static FunctionFailure brokenOff(Throwable cause) {
        return new FunctionFailure("Function.ResponseBrokenOff", describe(cause));
    }

    /// By hand, since it must also work where the application did not start.
    byte[] toJson() {
        return "{\"errorType\":\"%s\",\"errorMessage\":\"%s\",\"stackTrace\":[]}"
                .formatted(quoted(type), quoted(message))
                .getBytes(StandardCharsets.UTF_8);
    }

    String toBase64() {
        return Base64.getEncoder().encodeToString(toJson());
    }

    private static String quoted(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }

    private static String describe(Throwable cause) {
        return cause.getClass().getSimpleName();
    }
}
