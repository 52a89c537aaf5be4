package dev.parley.chat;

/// How a client asks for a turn, and how it hears of its end.
enum Way {
    COMPLETION,
    STREAMED_COMPLETION,
    RESPONSE,
    STREAMED_RESPONSE,
    BACKGROUND,
    STREAMED_BACKGROUND;

    boolean isCompletion() {
        return this == COMPLETION || this == STREAMED_COMPLETION;
    }

    boolean isBackground() {
        return this == BACKGROUND || this == STREAMED_BACKGROUND;
    }

    /// Whether the client asks for a stream.
    boolean isStreamed() {
        return this == STREAMED_COMPLETION || this == STREAMED_RESPONSE || this == STREAMED_BACKGROUND;
    }

    /// A worker always does: so it sees a wish to cancel with every token.
    boolean streamsFromProvider() {
        return isStreamed() || this == BACKGROUND;
    }

    /// Whether the client hears of a failure before the first token by a status. Else it has an object by then, with
    /// the failure in it: a response that was accepted, or whose stream began with its creation.
    boolean tellsByStatus() {
        return isCompletion() || this == RESPONSE;
    }
}
