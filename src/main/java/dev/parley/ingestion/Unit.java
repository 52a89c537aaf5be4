package dev.parley.ingestion;

import org.jspecify.annotations.Nullable;

/// What a chunk is packed from: a sentence, a line, a row, or a part of one that is too long.
///
/// @param glue what stands between it and the unit before
/// @param tokens of glue and text
/// @param page where its block starts
record Unit(String glue, String text, int tokens, @Nullable Integer page) {}
