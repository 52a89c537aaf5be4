package dev.parley.model;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// A complete answer and how it came about.
///
/// @param model the alias that answered, which a fallback or a route makes another than was asked for
/// @param response with token usage, always; its finish reason is `OTHER` when the caller cancelled, and its message
/// may hold a [Refusal]
/// @param costMicros in micro-dollars, by the catalog's prices; look for [Warning#PRICE_UNKNOWN]
/// @param timeToFirstToken of the attempt that answered; the whole duration when not streamed
/// @param attempts every provider call, in order, the last one successful
/// @param fallback whether it was not the first choice
public record Generation(
        String model,
        String provider,
        ChatResponse response,
        long costMicros,
        Duration timeToFirstToken,
        List<Attempt> attempts,
        Set<Warning> warnings,
        boolean fallback) {

    /// Whether the caller had it end before it was whole, or its vendor for a reason of its own.
    public boolean isCutOff() {
        return response.finishReason() == FinishReason.OTHER;
    }

    Generation asFallback() {
        return new Generation(model, provider, response, costMicros, timeToFirstToken, attempts, warnings, true);
    }
}
