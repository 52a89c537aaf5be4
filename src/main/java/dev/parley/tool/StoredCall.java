package dev.parley.tool;

import dev.parley.postgres.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A call as it is on record.
///
/// @param turn that asked
/// @param arguments JSON
/// @param result what the model read; null while there is nothing
/// @param overdue whether it counts as running though nobody can be running it any more
public record StoredCall(
        TenantId tenant,
        CallId id,
        UUID turn,
        int round,
        Asked asked,
        CallStatus status,
        @Nullable String result,
        boolean overdue,
        @Nullable Decision decision,
        Instant createdAt,
        @Nullable Instant endedAt) {

    /// @param digest see [CallDigest], in hexadecimal
    public record Asked(
            String tool,
            boolean effects,
            String arguments,
            String digest,
            @Nullable String user) {}

    /// @param by the key that approved or denied it
    /// @param reason null when none was given
    public record Decision(UUID by, Instant at, @Nullable String reason) {}

    ToolCall call() {
        return new ToolCall(id, asked.tool(), asked.arguments());
    }

    /// As it is to be told: what is overdue is in doubt, whether or not somebody has written that down.
    public CallStatus shownStatus() {
        return overdue ? CallStatus.IN_DOUBT : status;
    }

    /// What came of it, as far as it is known.
    public ToolResult outcome() {
        return told(result == null ? "" : result);
    }

    ToolResult told(String output) {
        return ToolResult.unrun(call(), shownStatus(), asked.effects(), output);
    }
}
