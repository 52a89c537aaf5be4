package dev.parley.model;

import java.util.function.Supplier;

/// Who pays for provider calls. Every call is announced before it is made, and accounted for after it, in pairs and
/// one pair at a time.
public interface Spend {

    /// For calls that nobody pays for.
    Spend UNMETERED = new Spend() {
        @Override
        public void begin(String model, Bound most) {}

        @Override
        public void end(Paid paid) {}

        @Override
        public void endUnpaid() {}
    };

    /// A provider is about to be called.
    ///
    /// @param model the alias
    /// @param most what the call may come to
    /// @throws RuntimeException when it must not be made; neither `end` is called then
    void begin(String model, Bound most);

    /// The call came to this.
    void end(Paid paid);

    /// The call failed before the provider generated anything.
    void endUnpaid();

    /// Does what waits for a provider, the pauses between two tries included. Whoever pays may cut it short by an
    /// interrupt, and takes that back when it is over; [#begin] is not cut.
    default <T> T await(Supplier<T> call) {
        return call.get();
    }

    /// The same for calls that cost nothing: they are cut short as the others are.
    default Spend free() {
        return new Free(this);
    }

    /// Pays nothing.
    record Free(Spend payer) implements Spend {

        @Override
        public void begin(String model, Bound most) {}

        @Override
        public void end(Paid paid) {}

        @Override
        public void endUnpaid() {}

        @Override
        public <T> T await(Supplier<T> call) {
            return payer.await(call);
        }
    }
}
