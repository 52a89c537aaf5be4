package dev.parley.chat.responses;

import dev.parley.chat.TurnRequest;

/// A request for a response, read and valid.
///
/// @param echo what the response repeats of it
/// @param includeResults whether the answer shows the passages of its search
record ResponseRequest(TurnRequest turn, ResponseEcho echo, boolean stream, boolean includeResults) {}
