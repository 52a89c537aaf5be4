package dev.parley.conversation;

/// How much of a conversation has room in a prompt.
///
/// @param tokens of the summary and the turns after it
/// @param items that are looked at
/// @param summaryTokens the most a new summary may have; 0 when none is made
record Room(int tokens, int items, int summaryTokens) {

    /// A summary takes at most half of the room. What is smaller than that is one turn's thrift: it forgets the oldest
    /// turns for itself alone, instead of folding them for all turns after it.
    private static final int LEAST_SUMMARIES = 2;

    boolean hasSummaries() {
        return summaryTokens > 0 && tokens >= LEAST_SUMMARIES * summaryTokens;
    }

    boolean holds(Summary summary) {
        return tokens >= LEAST_SUMMARIES * summary.tokens();
    }

    /// What turns may take beside a new summary.
    int besideSummary() {
        return tokens - summaryTokens;
    }

    /// What they may take after folding: half, so that the next folding is several turns away.
    int afterFolding() {
        return besideSummary() / 2;
    }
}
