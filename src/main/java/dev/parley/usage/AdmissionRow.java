package dev.parley.usage;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.parley.idempotency.IdempotencyKey;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An admission as the database's `admit` takes it.
@RegisterForReflection
record AdmissionRow(
        int n,
        UUID id,
        String kind,
        String caller,
        @JsonProperty("key_id") @Nullable UUID keyId,
        @JsonProperty("user_id") @Nullable String userId,
        String model,
        @JsonProperty("idempotency_key") @Nullable String idempotencyKey,
        @JsonProperty("request_hash") @Nullable String requestHash,
        @JsonProperty("conversation_id") @Nullable UUID conversationId,
        @JsonProperty("previous_id") @Nullable UUID previousId,
        boolean background,
        boolean stored,
        long micros,
        long tokens,
        UUID token,
        @JsonProperty("lease_ms") long leaseMs) {

    static AdmissionRow of(int n, Admission admission, UUID token, Duration lease) {
        Payer payer = admission.payer();
        IdempotencyKey key = admission.key();
        Admission.Thread thread = admission.thread();
        return new AdmissionRow(
                n,
                admission.turn(),
                admission.kind().code(),
                payer.caller(),
                payer.key(),
                payer.user(),
                admission.model(),
                key == null ? null : key.value(),
                key == null ? null : key.requestHash(),
                thread.conversation(),
                thread.previous(),
                thread.background(),
                thread.stored(),
                admission.bound().micros(),
                admission.bound().tokens(),
                token,
                lease.toMillis());
    }
}
