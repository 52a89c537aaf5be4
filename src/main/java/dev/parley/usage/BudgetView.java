package dev.parley.usage;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/// A budget as the API shows it. Money is in micro-dollars, times are Unix seconds.
///
/// @param subject null: each one of the scope has a budget of its own
/// @param spentMicros and the other three: in the current period; null when several subjects are counted and none
/// was named
@RegisterForReflection
record BudgetView(
        String id,
        String object,
        String scope,
        @Nullable String subject,
        String period,
        @JsonProperty("limit_micros") @Nullable Long limitMicros,
        @JsonProperty("limit_tokens") @Nullable Long limitTokens,
        @JsonProperty("spent_micros") @Nullable Long spentMicros,
        @JsonProperty("reserved_micros") @Nullable Long reservedMicros,
        @JsonProperty("spent_tokens") @Nullable Long spentTokens,
        @JsonProperty("reserved_tokens") @Nullable Long reservedTokens,
        @JsonProperty("created_at") long createdAt) {

    static BudgetView of(Budget budget) {
        Budget.Counted current = budget.current();
        return new BudgetView(
                budget.id().toString(),
                "budget",
                budget.target().scope().code(),
                budget.target().shownSubject(),
                budget.period().code(),
                budget.ceilings().first(),
                budget.ceilings().second(),
                current == null ? null : current.spentMicros(),
                current == null ? null : current.reservedMicros(),
                current == null ? null : current.spentTokens(),
                current == null ? null : current.reservedTokens(),
                budget.createdAt().getEpochSecond());
    }
}
