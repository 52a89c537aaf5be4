package dev.parley.ingestion.source;

import java.time.Duration;

/// A host is to be left alone for a while.
final class HostBusy extends RuntimeException {

    private final Duration pause;
    private final boolean asked;

    private HostBusy(String message, Duration pause, boolean asked) {
        super(message);
        this.pause = pause;
        this.asked = asked;
    }

    /// Others of this process talk to it, or it is too soon after the last request.
    static HostBusy here(Duration pause) {
        return new HostBusy("Others talk to the host.", pause, false);
    }

    /// It said so itself, to this request.
    static HostBusy asked(int status, Duration pause) {
        return new HostBusy("The server answered %d: it wants to be asked later.".formatted(status), pause, true);
    }

    Duration pause() {
        return pause;
    }

    boolean wasAsked() {
        return asked;
    }
}
