package dev.parley.chat.completions;

import dev.parley.chat.TurnRequest;

/// A request for a chat completion, read and valid.
///
/// @param includeUsage whether a stream ends with a chunk of token counts
record CompletionRequest(TurnRequest turn, boolean stream, boolean includeUsage) {}
