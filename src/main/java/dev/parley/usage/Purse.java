package dev.parley.usage;

import dev.parley.invocation.Deadline;
import dev.parley.model.Bound;
import dev.parley.model.Paid;
import dev.parley.model.Spend;
import dev.parley.postgres.Ids;
import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A turn of its own for embeddings that no turn pays for: admitted with the first call, topped up by further ones,
/// settled when it is closed.
public final class Purse implements Spend, AutoCloseable {

    private final Payer payer;
    private final Deadline deadline;
    private final Purses purses;
    private final Interruptible work = new Interruptible();
    private Purses.@Nullable Open open;

    Purse(Payer payer, Deadline deadline, Purses purses) {
        this.payer = payer;
        this.deadline = deadline;
        this.purses = purses;
    }

    /// @throws Problem (429) for a rate or a budget, (503) while this process shuts down
    @Override
    public synchronized void begin(String model, Bound most) {
        try {
            work.shield(() -> spend(model, most)).begin(model, most);
        } catch (CancellationException stopped) { // nobody can cancel it, but its process and its invocation end
            throw ended();
        }
    }

    /// The call ends with this process, and with the time of its invocation: [#ended] tells which it was.
    @Override
    public <T> T await(Supplier<T> call) {
        return work.await(call);
    }

    @Override
    public synchronized void end(Paid paid) {
        if (open != null) {
            open.spend().end(paid);
        }
    }

    @Override
    public synchronized void endUnpaid() {
        if (open != null) {
            open.spend().endUnpaid();
        }
    }

    /// Why a call that was stopped had to end.
    public synchronized Problem ended() {
        return open != null && open.lease().isOutOfTime()
                ? Problem.of(
                        ProblemKind.TIMED_OUT,
                        Deadline.REACHED,
                        "This took longer than the function may run and was ended. What it used is paid.")
                : Closing.shuttingDown();
    }

    private TurnSpend spend(String model, Bound most) {
        Purses.Open now = open;
        if (now == null) {
            now = purses.admit(
                    new Admission(Ids.next(), TurnKind.EMBEDDING, payer, model, most, null, Admission.Thread.NONE),
                    work,
                    deadline);
            open = now;
        }
        return now.spend();
    }

    @Override
    public synchronized void close() {
        if (open != null) {
            purses.settle(open);
            open = null;
        }
    }
}
