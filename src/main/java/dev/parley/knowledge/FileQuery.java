package dev.parley.knowledge;

import org.jspecify.annotations.Nullable;

/// Which files a list holds.
///
/// @param after the last file of the page before
record FileQuery(@Nullable String purpose, @Nullable FileId after, int limit, boolean ascending) {}
