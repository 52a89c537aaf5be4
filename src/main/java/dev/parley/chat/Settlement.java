package dev.parley.chat;

import dev.parley.conversation.ConversationId;
import dev.parley.conversation.Memory;
import dev.parley.postgres.ContentCodec;
import dev.parley.postgres.Json;
import dev.parley.postgres.TenantId;
import dev.parley.usage.Fate;
import dev.parley.usage.Kept;
import dev.parley.usage.Settlement.Outcome;
import dev.parley.usage.Settlements;
import dev.parley.usage.TurnSpend;
import dev.parley.usage.TurnStatus;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/// Settles a turn: what it paid, what its conversation keeps, what a retry gets and its last events, in one statement.
@ApplicationScoped
class Settlement {

    private final Settlements settlements;
    private final Memory memory;
    private final ContentCodec codec;
    private final Json json;

    Settlement(Settlements settlements, Memory memory, ContentCodec codec, Json json) {
        this.settlements = settlements;
        this.memory = memory;
        this.codec = codec;
        this.json = json;
    }

    /// Returns what the client is told: a turn that was lost meanwhile has no other answer than that.
    Told settle(AdmittedTurn turn, Generated generated, TurnSpend spend, Told told, TurnFrames out) {
        TenantId tenant = turn.ticket().tenant();
        ConversationId conversation = turn.request().conversation();
        var outcome = new Outcome(
                spend.hasBegun() || generated.result() instanceof TurnResult.Answered,
                turn.manner().kept() ? codec.encode(tenant, told.encode(json)) : null,
                conversation == null ? List.of() : kept(tenant, generated),
                out.last());
        Fate fate = settlements.settleSurely(new dev.parley.usage.Settlement(
                turn.ticket(),
                status(generated.result()),
                spend.paid(),
                conversation == null ? null : conversation.value(),
                outcome));
        out.settled(fate, told);
        return fate.isKept() ? told : lost(generated, told);
    }

    private Told lost(Generated generated, Told told) {
        var failure = FailureView.of(Problems.lost(), generated.result().receipt());
        return new Told(Problems.lost().kind().status(), told.begun(), null, json.write(failure), null);
    }

    private List<Kept> kept(TenantId tenant, Generated generated) {
        Draft draft = generated.draft();
        return generated.said().isEmpty() || draft == null || draft.remembered() == null
                ? List.of()
                : memory.keep(tenant, generated.said(), draft.continued()).stream()
                        .map(item -> new Kept(item.turn(), item.role(), item.tokens(), item.content()))
                        .toList();
    }

    private static TurnStatus status(TurnResult result) {
        return switch (result) {
            case TurnResult.Answered answered ->
                FinishReasons.isWhole(answered.answer().response())
                                && !answered.answer().requiresAction()
                        ? TurnStatus.COMPLETED
                        : TurnStatus.INCOMPLETE;
            case TurnResult.CutShort _ -> TurnStatus.INCOMPLETE;
            case TurnResult.Cancelled _ -> TurnStatus.CANCELLED;
            case TurnResult.Failed _ -> TurnStatus.FAILED;
        };
    }
}
