package dev.parley.chat;

import dev.parley.stream.Endings;
import dev.parley.stream.EventLogs;
import dev.parley.stream.TurnEvents;
import jakarta.enterprise.context.ApplicationScoped;

/// Runs turns whose client does not wait here: of workers, and of batches. Whoever asks later gets what is kept.
@ApplicationScoped
public class UnattendedTurns {

    private final Turn turn;
    private final EventLogs logs;

    UnattendedTurns(Turn turn, EventLogs logs) {
        this.turn = turn;
        this.logs = logs;
    }

    /// Never throws for what goes wrong in the turn.
    public Told run(AdmittedTurn admitted, Face face) {
        return turn.run(admitted, face, TurnFrames.NONE);
    }

    /// The same, with the turn's events in its log.
    ///
    /// @param endings how the log tells what it lacks
    public void stream(AdmittedTurn admitted, Face face, Endings endings) {
        try (TurnEvents events = logs.open(admitted.ticket(), true)) {
            turn.run(admitted, face, new StreamedFrames(events, endings));
        }
    }
}
