package dev.parley.chat;

import dev.parley.postgres.ContentCodec;
import dev.parley.postgres.Json;
import dev.parley.postgres.TenantId;
import dev.parley.problem.Problem;
import dev.parley.tool.ToolCalls;
import dev.parley.usage.StoredTurn;
import dev.parley.usage.TurnStatus;
import dev.parley.usage.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/// What a repeated request gets: the outcome of the first.
@ApplicationScoped
public class Replays {

    private static final Duration SHORTEST_POLL = Duration.ofMillis(50);
    private static final Duration LONGEST_POLL = Duration.ofSeconds(1);

    private final Turns turns;
    private final ContentCodec codec;
    private final Json json;
    private final ChatConfig config;
    private final ToolCalls toolCalls;

    Replays(Turns turns, ContentCodec codec, Json json, ChatConfig config, ToolCalls toolCalls) {
        this.turns = turns;
        this.codec = codec;
        this.json = json;
        this.config = config;
        this.toolCalls = toolCalls;
    }

    /// Waits for a turn that is under way, but not for ever.
    ///
    /// @throws Problem (409) when it has not ended in time, (503) when its owner died
    public Told outcome(TenantId tenant, UUID turn) throws InterruptedException {
        StoredTurn stored = awaitEnd(tenant, turn, config.repeatPatience()).orElseThrow(Problems::inProgress);
        if (!stored.status().isOver()) {
            throw Problems.inProgress();
        }
        return told(tenant, stored);
    }

    /// The turn when it has ended, or as it stands when the time is over. Empty when there is none.
    public Optional<StoredTurn> awaitEnd(TenantId tenant, UUID turn, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        Duration pause = SHORTEST_POLL;
        while (true) {
            Optional<StoredTurn> stored = turns.find(tenant, turn);
            if (stored.isEmpty() || stored.get().status().isOver() || System.nanoTime() > deadline) {
                return stored;
            }
            Thread.sleep(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_POLL) < 0 ? pause.multipliedBy(2) : LONGEST_POLL;
        }
    }

    /// How a turn failed that had streamed nothing: that is told by a status.
    ///
    /// @throws Problem (404) when what it said was deleted
    Optional<Told> silentFailure(TenantId tenant, UUID turn) {
        Optional<StoredTurn> over =
                turns.find(tenant, turn).filter(stored -> stored.status().isOver());
        over.filter(Replays::isForgotten).ifPresent(stored -> {
            throw unanswered(tenant, stored);
        });
        return over.filter(stored -> stored.answer() != null)
                .map(stored -> told(tenant, stored))
                .filter(told -> told.hasFailed() && !told.begun());
    }

    /// @throws Problem (503) when the turn ended without its owner, (404) when its answer was deleted,
    /// (409) when it was refused before anything was kept, so that its key is free
    Told told(TenantId tenant, StoredTurn turn) {
        if (turn.answer() == null) {
            throw unanswered(tenant, turn);
        }
        return Told.decode(json, codec.decode(tenant, turn.answer()));
    }

    private Problem unanswered(TenantId tenant, StoredTurn turn) {
        if (turn.abandoned()) {
            return Problems.lost(toolCalls.effectsOfTurn(tenant, turn.id()));
        }
        return isForgotten(turn) ? Problems.deleted(turn.id()) : Problems.inProgress();
    }

    /// A turn that came to something keeps its answer, until that is deleted.
    private static boolean isForgotten(StoredTurn turn) {
        return turn.answer() == null && turn.status().isOver() && turn.status() != TurnStatus.FAILED;
    }
}
