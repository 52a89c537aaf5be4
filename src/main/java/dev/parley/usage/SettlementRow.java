package dev.parley.usage;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.model.Paid;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A settlement as the database's `settle` takes it.
@RegisterForReflection
record SettlementRow(
        int n,
        UUID id,
        @Nullable UUID token,
        @JsonProperty("conversation_id") @Nullable UUID conversationId,
        String status,
        boolean reap,
        @JsonProperty("keeps_key") boolean keepsKey,
        List<Paid> lines,
        @JsonProperty("first_sequence") @Nullable Long firstSequence,
        @JsonProperty("next_sequence") @Nullable Long nextSequence) {

    static SettlementRow of(int n, Settlement settlement) {
        Settlement.Outcome outcome = settlement.outcome();
        LastEvents events = outcome.events();
        return new SettlementRow(
                n,
                settlement.ticket().turn(),
                settlement.ticket().token(),
                settlement.conversation(),
                settlement.status().code(),
                false,
                outcome.keepsKey(),
                settlement.paid(),
                events == null ? null : events.first(),
                events == null ? null : events.next());
    }

    static SettlementRow reaped(int n, UUID turn, @Nullable UUID conversation) {
        return new SettlementRow(
                n, turn, null, conversation, TurnStatus.FAILED.code(), true, true, List.of(), null, null);
    }

    /// A turn that waits has no owner, and so no token.
    static SettlementRow cancelled(UUID turn, @Nullable UUID conversation) {
        return new SettlementRow(
                1, turn, null, conversation, TurnStatus.CANCELLED.code(), false, true, List.of(), null, null);
    }

    /// One of its items. Contents go beside, in the same order.
    @RegisterForReflection
    record Item(int n, @JsonProperty("turn_id") UUID turnId, String role, int tokens) {}
}
