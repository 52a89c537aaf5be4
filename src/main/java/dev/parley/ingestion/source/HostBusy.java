package dev.parley.ingestion.source;

import java.time.Duration;
import java.util.Optional;

/// A host is to be left alone for a while.
final class HostBusy extends RuntimeException {

    private final String host;
    private final Optional<Duration> pause;
    private final boolean refusal;

    private HostBusy(String host, String message, Optional<Duration> pause, boolean refusal) {
        super(message);
        this.host = host;
        this.pause = pause;
        this.refusal = refusal;
    }

    /// Others of this process talk to it, or it is too soon after the last request.
    static HostBusy here(String host, Duration pause) {
        return new HostBusy(host, "Others talk to the host.", Optional.of(pause), false);
    }

    /// It said so itself.
    static HostBusy asked(String host, int status, Optional<Duration> pause) {
        return new HostBusy(host, "The server answered %d: it wants to be asked later.".formatted(status), pause, true);
    }

    /// It does not answer, or cannot say what it allows.
    static HostBusy silent(String host, String reason, Optional<Duration> pause) {
        return new HostBusy(host, reason, pause, true);
    }

    /// With its port, as URLs have it: a page's own, or one that it redirects to.
    String host() {
        return host;
    }

    /// Empty where nobody said how long.
    Optional<Duration> pause() {
        return pause;
    }

    /// Whether it is the host that gave no answer to what it was asked.
    boolean isRefusal() {
        return refusal;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
