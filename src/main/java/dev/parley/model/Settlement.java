package dev.parley.model;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import dev.parley.model.Catalog.ChatEntry;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Counts what an answer used and what it costs.
record Settlement(ChatEntry entry, ChatRequest request, ChatCall.Answer answer, List<Attempt> attempts) {

    Generation generation() {
        Set<Warning> warnings = EnumSet.noneOf(Warning.class);
        if (answer.cancelled()) {
            warnings.add(Warning.CANCELLED);
        }
        ChatResponse response = withUsage(warnings);
        long cost = cost(response.tokenUsage(), warnings);
        return new Generation(
                entry.alias(),
                entry.model().provider(),
                response,
                cost,
                answer.timeToFirstToken() == null ? attempts.getLast().duration() : answer.timeToFirstToken(),
                attempts,
                Set.copyOf(warnings));
    }

    private ChatResponse withUsage(Set<Warning> warnings) {
        TokenUsage usage = answer.response().tokenUsage();
        if (usage != null && usage.inputTokenCount() != null && usage.outputTokenCount() != null) {
            return answer.response();
        }
        warnings.add(Warning.USAGE_ESTIMATED);
        int input = request.messages().stream()
                .map(ChatMessage::toString)
                .mapToInt(ApproximateTokens::count)
                .sum();
        int output = ApproximateTokens.count(answer.response().aiMessage().toString());
        return answer.response().toBuilder()
                .metadata(answer.response().metadata().toBuilder()
                        .tokenUsage(new TokenUsage(input, output))
                        .build())
                .build();
    }

    private long cost(TokenUsage usage, Set<Warning> warnings) {
        int cached = usage instanceof CachedTokens known ? known.cachedInputTokens() : 0;
        Optional<Price> price = Price.of(entry.model().price());
        if (price.isEmpty()) {
            warnings.add(Warning.PRICE_UNKNOWN);
        }
        return price.map(known -> known.micros(usage, cached)).orElse(0L);
    }
}
