package dev.parley.usage;

import dev.parley.model.Bound;
import dev.parley.model.Paid;
import dev.parley.model.Spend;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/// Pays a turn's calls out of its reservation, and tops that up before a call that it does not cover. Every attempt is
/// on record before its provider is called; the first one is since the admission.
public final class TurnSpend implements Spend {

    private static final Logger LOG = Logger.getLogger(TurnSpend.class);

    private final Lease lease;
    private final Ticket ticket;
    private final TopUps topUps;
    private final List<Paid> paid = new ArrayList<>();
    private Bound reserved;
    private Bound used = Bound.NOTHING;
    private boolean modelAsked;
    private boolean begun;

    TurnSpend(Lease lease, TopUps topUps) {
        this.lease = lease;
        this.ticket = lease.ticket();
        this.topUps = topUps;
        this.reserved = ticket.reserved();
    }

    /// @throws Refusal when a budget does not cover the call
    /// @throws TurnLost when the turn is somebody else's by now
    /// @throws CancellationException when it was cancelled, or has to end
    @Override
    public synchronized void begin(String model, Bound most) {
        checkOpen();
        Bound lacking = used.plus(most).beyond(reserved);
        boolean isRecorded = !modelAsked && model.equals(ticket.model());
        if (!isRecorded || !lacking.equals(Bound.NOTHING)) {
            topUp(lacking, model);
        }
        begun = true;
        modelAsked |= isRecorded;
    }

    private void checkOpen() {
        if (lease.isOver()) {
            throw new CancellationException("The turn is over");
        }
    }

    private void topUp(Bound lacking, String model) {
        try {
            reserved = reserved.plus(lease.work().shield(() -> topUps.topUp(ticket, lacking, model)));
        } catch (CancellationException cancelled) {
            lease.cancel();
            throw cancelled;
        } catch (TurnLost lost) {
            lease.lose();
            throw lost;
        }
    }

    /// The call ends with the turn: it is interrupted when that is cancelled, stopped or lost.
    @Override
    public <T> T await(Supplier<T> call) {
        return lease.work().await(call);
    }

    /// The same purse for calls that come before the answer and must not eat what is reserved for it: they are topped
    /// up whole, and refused when a budget does not cover them besides.
    public Spend besides() {
        return new Spend() {
            @Override
            public void begin(String model, Bound most) {
                beginBesides(model, most);
            }

            @Override
            public void end(Paid call) {
                TurnSpend.this.end(call);
            }

            @Override
            public void endUnpaid() {
                TurnSpend.this.endUnpaid();
            }

            @Override
            public <T> T await(Supplier<T> call) {
                return TurnSpend.this.await(call);
            }
        };
    }

    private synchronized void beginBesides(String model, Bound most) {
        checkOpen();
        topUp(used.plus(most).plus(ticket.reserved()).beyond(reserved), model);
        begun = true;
    }

    /// A provider may take more than it should. That is booked like the rest, and somebody must look at it: a limit was
    /// not kept, or prompts are counted too low.
    @Override
    public synchronized void end(Paid call) {
        paid.add(call);
        used = used.plus(call.total());
        Bound excess = used.beyond(reserved);
        if (!excess.equals(Bound.NOTHING)) {
            LOG.warnf(
                    "usage_over_bound: turn %s took %d micro-dollars and %d tokens more than was reserved, last from %s",
                    ticket.turn(), excess.micros(), excess.tokens(), call.model());
        }
    }

    @Override
    public void endUnpaid() {}

    /// Whether any provider was called.
    public synchronized boolean hasBegun() {
        return begun;
    }

    /// Every call that was paid, in order.
    public synchronized List<Paid> paid() {
        return List.copyOf(paid);
    }

    /// What they came to, in micro-dollars.
    public synchronized long micros() {
        return used.micros();
    }
}
