package dev.parley.model;

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
}
