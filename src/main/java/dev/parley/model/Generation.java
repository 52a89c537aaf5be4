package dev.parley.model;

import dev.langchain4j.model.chat.response.ChatResponse;
import java.time.Duration;
import java.util.List;

/// A complete answer and how it came about.
///
/// @param model the alias that answered, which a fallback makes another than was asked for
/// @param costMicros in micro-dollars, by the catalog's prices
/// @param timeToFirstToken of the attempt that answered; the whole duration when not streamed
/// @param attempts every provider call, in order, the last one successful
public record Generation(
        String model,
        String provider,
        ChatResponse response,
        long costMicros,
        Duration timeToFirstToken,
        List<Attempt> attempts) {}
