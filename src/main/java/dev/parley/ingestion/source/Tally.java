package dev.parley.ingestion.source;

import java.util.Locale;

/// What became of a document in a run: each is counted once.
enum Tally {
    ADDED,
    CHANGED,
    UNCHANGED,
    REMOVED,
    FAILED;

    String column() {
        return name().toLowerCase(Locale.ROOT);
    }
}
