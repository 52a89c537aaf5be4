package dev.parley.usage;

import dev.parley.model.Bound;
import dev.parley.model.Paid;
import dev.parley.postgres.Ids;
import dev.parley.postgres.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Turns that compete for one tenant's budgets, all at once. Each call takes a random time and uses a random part of
/// what was reserved for it; some turns have tool rounds, which top up.
record Swarm(Admissions admissions, Settlements settlements, TopUps topUps, Whose whose) {

    static final Bound BOUND = new Bound(100_003, 1_009);
    static final String MODEL = "swarmed";

    /// A refused turn comes again this often, as a client would.
    private static final int TRIES = 25;

    private static final int LONGEST_CALL_MS = 30;

    private static final int MOST_ROUNDS = 3;

    /// @param turns how many run at once
    record Whose(TenantId tenant, UUID key, String user, int turns) {}

    /// What a turn told its client it had cost.
    record Receipt(UUID turn, long micros, long tokens) {}

    /// @param refusedTopUps rounds that the budget did not cover any more
    record Outcome(List<Receipt> receipts, int refusals, int refusedTopUps) {}

    Outcome run(long seed) throws Exception {
        var refusals = new AtomicInteger();
        var refusedTopUps = new AtomicInteger();
        var turns = new ArrayList<Callable<List<Receipt>>>();
        for (int i = 0; i < whose.turns; i++) {
            var random = new Random(seed + i);
            turns.add(() -> turn(random, refusals, refusedTopUps));
        }
        var receipts = new ArrayList<Receipt>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<List<Receipt>> each : threads.invokeAll(turns)) {
                receipts.addAll(each.get());
            }
        }
        return new Outcome(receipts, refusals.get(), refusedTopUps.get());
    }

    private List<Receipt> turn(Random random, AtomicInteger refusals, AtomicInteger refusedTopUps) {
        for (int tries = 0; tries < TRIES; tries++) {
            try {
                var verdict = (Verdict.Admitted) admissions.admit(admission());
                return List.of(work(verdict.ticket(), random, refusedTopUps));
            } catch (Refusal refused) {
                refusals.incrementAndGet();
                spendTime(random);
            }
        }
        return List.of();
    }

    private Admission admission() {
        var payer = new Payer(whose.tenant, "key_" + whose.key, whose.key, whose.user);
        return new Admission(Ids.next(), TurnKind.CHAT_COMPLETION, payer, MODEL, BOUND, null, Admission.Thread.NONE);
    }

    private Receipt work(Ticket ticket, Random random, AtomicInteger refusedTopUps) {
        TurnSpend spend = topUps.open(Application.lease(ticket));
        TurnStatus status = TurnStatus.COMPLETED;
        spend.begin(MODEL, BOUND);
        spend.end(call(BOUND, random));
        for (int round = random.nextInt(MOST_ROUNDS + 1); round > 0; round--) {
            var most = new Bound(random.nextLong(BOUND.micros() / 2), random.nextLong(BOUND.tokens() / 2));
            try {
                spend.begin(MODEL, most);
            } catch (Refusal refused) {
                refusedTopUps.incrementAndGet();
                status = TurnStatus.INCOMPLETE;
                break;
            }
            spend.end(call(most, random));
        }
        var outcome = new Settlement.Outcome(true, null, List.of(), null);
        settlements.settle(new Settlement(ticket, status, spend.paid(), null, outcome));
        return receipt(ticket.turn(), spend);
    }

    private static Paid call(Bound most, Random random) {
        spendTime(random);
        long tokens = random.nextLong(most.tokens() + 1);
        return new Paid(
                MODEL, "provider", tokens / 3, 0, tokens - tokens / 3, random.nextLong(most.micros() + 1), false);
    }

    private static void spendTime(Random random) {
        LockSupport.parkNanos(random.nextInt(LONGEST_CALL_MS) * 1_000_000L);
    }

    private static Receipt receipt(UUID turn, TurnSpend spend) {
        long tokens =
                spend.paid().stream().mapToLong(paid -> paid.total().tokens()).sum();
        return new Receipt(turn, spend.micros(), tokens);
    }
}
