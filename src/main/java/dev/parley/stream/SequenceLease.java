package dev.parley.stream;

/// Which sequence numbers a turn may use. Those below [#end] are its own durably: nobody tells of its death under one
/// of them.
///
/// The first block comes with the turn. Further ones are asked for long before they are needed and are large, for they
/// cost one write each: a stream outlasts an outage of the database by several hundred events at least.
final class SequenceLease {

    /// As `turns.leased_sequence` begins.
    static final long FIRST_BLOCK = 1024;

    private static final long BLOCK = 16_384;
    private static final long RESERVE = 768;

    private long end = FIRST_BLOCK;

    boolean covers(long sequence) {
        return sequence < end;
    }

    /// Where the lease should end, when it should be extended now; 0 otherwise.
    long wanted(long next) {
        return end - next < RESERVE ? next + BLOCK : 0;
    }

    void extendTo(long granted) {
        end = Math.max(end, granted);
    }
}
