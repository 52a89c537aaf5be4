package dev.parley.chat;

/// How one of OpenAI's APIs tells a turn. An instance tells one turn; all calls come from the turn's thread.
public interface Face {

    /// The turn is under way.
    void begin(Frames out);

    /// It goes on.
    void on(TurnEvent event, Frames out);

    /// The turn has ended: sends the last events and tells what whoever asks for it later gets.
    Told end(TurnResult result, Frames out);
}
