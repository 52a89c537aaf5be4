package dev.parley.chat;

/// Who hears a streamed turn.
interface TurnListener {

    void on(TurnEvent event);

    /// Whether nobody hears any more: the turn ends where it is and keeps nothing.
    boolean isGone();
}
