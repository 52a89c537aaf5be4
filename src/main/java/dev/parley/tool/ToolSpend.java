package dev.parley.tool;

import dev.parley.model.Bound;
import dev.parley.model.Paid;
import dev.parley.model.Spend;
import java.util.concurrent.locks.ReentrantLock;

/// A turn's purse in the hands of its tools, which run side by side: one of them at a time has a call that is not
/// accounted for. What a tool waits for is stopped with the tool.
final class ToolSpend implements Spend {

    private final Spend turn;
    private final ReentrantLock one = new ReentrantLock();

    ToolSpend(Spend turn) {
        this.turn = turn;
    }

    @Override
    public void begin(String model, Bound most) {
        one.lock();
        try {
            turn.begin(model, most);
        } catch (RuntimeException | Error refused) {
            one.unlock();
            throw refused;
        }
    }

    @Override
    public void end(Paid paid) {
        try {
            turn.end(paid);
        } finally {
            one.unlock();
        }
    }

    @Override
    public void endUnpaid() {
        try {
            turn.endUnpaid();
        } finally {
            one.unlock();
        }
    }
}
