package dev.parley.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One answer of the scripted provider.
///
/// @param model only to requests for this model; to any when null
/// @param error the message of an error answer; null for an answer of steps
/// @param usage prompt, cached prompt, completion and reasoning tokens, and prompt tokens written to the cache;
/// null to send none
/// @param finishReason null to end the stream without one
public record Reply(
        String model,
        int status,
        Map<String, String> headers,
        String error,
        String errorCode,
        List<Step> steps,
        int[] usage,
        String finishReason) {

    /// An answer of this text, streamed word by word.
    public static Reply text(String text) {
        return of(new ArrayList<>(words(text)));
    }

    /// An answer of these steps.
    public static Reply steps(Step... steps) {
        return of(List.of(steps));
    }

    /// An error answer.
    public static Reply error(int status, String code, String message) {
        return new Reply(null, status, Map.of(), message, code, List.of(), null, null);
    }

    public static Reply rateLimited() {
        return error(429, "rate_limit_exceeded", "Rate limit reached.");
    }

    public static Reply rateLimited(int retryAfterSeconds) {
        return rateLimited().header("Retry-After", String.valueOf(retryAfterSeconds));
    }

    public static Reply serverError() {
        return error(500, "server_error", "The server had an error.");
    }

    public static Reply contextOverflow() {
        return error(
                400,
                "context_length_exceeded",
                "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.");
    }

    /// The text's words as steps, spaces included.
    public static List<Step> words(String text) {
        return List.of(text.split("(?<= )")).stream().<Step>map(Step.Text::new).toList();
    }

    public Reply header(String name, String value) {
        return new Reply(model, status, Map.of(name, value), error, errorCode, steps, usage, finishReason);
    }

    /// The same answer, for requests to one model only.
    public Reply onlyFor(String model) {
        return new Reply(model, status, headers, error, errorCode, steps, usage, finishReason);
    }

    public Reply usage(int prompt, int cached, int completion) {
        return usage(prompt, cached, completion, 0);
    }

    /// @param reasoning of the completion tokens
    public Reply usage(int prompt, int cached, int completion, int reasoning) {
        int[] tokens = {prompt, cached, completion, reasoning, 0};
        return new Reply(model, status, headers, error, errorCode, steps, tokens, finishReason);
    }

    /// @param written of the prompt tokens, to the provider's cache
    public Reply written(int written) {
        int[] tokens = {usage[0], usage[1], usage[2], usage[3], written};
        return new Reply(model, status, headers, error, errorCode, steps, tokens, finishReason);
    }

    public Reply withoutUsage() {
        return new Reply(model, status, headers, error, errorCode, steps, null, finishReason);
    }

    public Reply finish(String reason) {
        return new Reply(model, status, headers, error, errorCode, steps, usage, reason);
    }

    private static Reply of(List<Step> steps) {
        boolean tools = steps.stream().anyMatch(Step.ToolCall.class::isInstance);
        return new Reply(
                null, 200, Map.of(), null, null, steps, new int[] {12, 0, 7, 0, 0}, tools ? "tool_calls" : "stop");
    }
}
