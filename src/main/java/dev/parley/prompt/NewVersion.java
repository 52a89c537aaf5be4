package dev.parley.prompt;

import org.jspecify.annotations.Nullable;

/// @param note why it is made
/// @param expectedRevision the prompt's as its author saw it; null to add to whatever there is
record NewVersion(
        PromptContent content,
        @Nullable String note,
        @Nullable Long expectedRevision) {}
