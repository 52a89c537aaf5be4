package dev.parley.prompt;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// That a label was moved.
///
/// @param target null: it was deleted
record LabelChange(
        UUID id, @Nullable LabelTarget target, @Nullable String note, UUID changedBy, Instant changedAt) {

    static final String PREFIX = "lblchg_";
}
