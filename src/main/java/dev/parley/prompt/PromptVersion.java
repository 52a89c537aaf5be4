package dev.parley.prompt;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a prompt said from some moment on.
///
/// @param note why it was made
record PromptVersion(
        UUID prompt,
        int number,
        PromptContent content,
        @Nullable String note,
        UUID createdBy,
        Instant createdAt) {}
