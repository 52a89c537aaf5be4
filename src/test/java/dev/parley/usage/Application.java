package dev.parley.usage;

import dev.parley.idempotency.IdempotencyKey;
import dev.parley.invocation.Deadline;
import dev.parley.model.Bound;
import dev.parley.postgres.Ids;
import dev.parley.postgres.TenantId;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A turn that a test wants admitted: each call of [#admission] makes a new one.
record Application(
        Payer payer,
        String model,
        Bound bound,
        @Nullable IdempotencyKey key,
        @Nullable UUID conversation) {

    static final String MODEL = "some-model";
    static final Bound BOUND = new Bound(1_000, 100);

    static Application of(TenantId tenant) {
        return new Application(new Payer(tenant, "key_test", null, null), MODEL, BOUND, null, null);
    }

    Application by(@Nullable UUID apiKey, @Nullable String user) {
        return new Application(
                new Payer(payer.tenant(), "key_" + apiKey, apiKey, user), model, bound, key, conversation);
    }

    Application by(String user) {
        return by(payer.key(), user);
    }

    Application asking(String other) {
        return new Application(payer, other, bound, key, conversation);
    }

    Application atMost(long micros, long tokens) {
        return new Application(payer, model, new Bound(micros, tokens), key, conversation);
    }

    Application keyed(String idempotencyKey, String body) {
        return new Application(
                payer, model, bound, IdempotencyKey.of(idempotencyKey, "POST /v1/test", body.getBytes()), conversation);
    }

    Application in(UUID other) {
        return new Application(payer, model, bound, key, other);
    }

    Admission admission() {
        return new Admission(
                Ids.next(),
                TurnKind.CHAT_COMPLETION,
                payer,
                model,
                bound,
                key,
                new Admission.Thread(conversation, null, false, false, null));
    }

    /// Of a turn that this test works on.
    static Lease lease(Ticket ticket) {
        return new Lease(ticket, new ConcurrentHashMap<>(), new Interruptible(), Deadline.NONE);
    }
}
