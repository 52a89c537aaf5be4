package dev.parley.model;

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
        if (answer.cut() != null) {
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
                Set.copyOf(warnings),
                false);
    }

    /// What an answer that broke off came to. Its provider told no usage.
    static Paid brokenOff(ChatEntry entry, ChatRequest request, String generated) {
        TokenUsage counted = CountedTokens.usage(request, generated);
        return new Paid(
                entry.alias(),
                entry.model().provider(),
                counted.inputTokenCount(),
                0,
                counted.outputTokenCount(),
                Price.of(entry.model().price())
                        .map(price -> price.micros(counted))
                        .orElse(0L),
                true);
    }

    private ChatResponse withUsage(Set<Warning> warnings) {
        TokenUsage usage = answer.response().tokenUsage();
        if (usage != null && usage.inputTokenCount() != null && usage.outputTokenCount() != null) {
            return answer.response();
        }
        warnings.add(Warning.USAGE_ESTIMATED);
        TokenUsage counted = answer.cut() == null
                ? CountedTokens.usage(request, answer.response().aiMessage())
                : CountedTokens.usage(request, answer.cut());
        return answer.response().toBuilder()
                .metadata(answer.response().metadata().toBuilder()
                        .tokenUsage(counted)
                        .build())
                .build();
    }

    private long cost(TokenUsage usage, Set<Warning> warnings) {
        Optional<Price> price = Price.of(entry.model().price());
        if (price.isEmpty()) {
            warnings.add(Warning.PRICE_UNKNOWN);
        }
        return price.map(known -> known.micros(usage)).orElse(0L);
    }
}
