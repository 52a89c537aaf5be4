package dev.parley.usage;

import java.util.Locale;

/// What became of a settlement.
public enum Fate {
    SETTLED,
    /// It had been settled by the same owner before.
    REPEATED,
    /// The turn had been reaped: the estimate in the ledger is corrected, nothing else is kept.
    LATE,
    /// Another turn took the conversation: what was spent is booked, nothing else is kept.
    LOST,
    /// Its owner lives: it is not to be reaped.
    ALIVE,
    /// There is no such turn.
    MISSING,
    /// The database is away: it is written when that is back.
    DEFERRED;

    /// Whether the outcome stands as its owner told it.
    public boolean isKept() {
        return this == SETTLED || this == REPEATED || this == DEFERRED;
    }

    static Fate of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
