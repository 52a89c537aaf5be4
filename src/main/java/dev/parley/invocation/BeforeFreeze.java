package dev.parley.invocation;

import java.time.Duration;

/// Something of this process that must not be kept for later where a process is frozen between invocations: it may
/// never wake up again. Implement it as a bean.
public interface BeforeFreeze {

    /// Gets out what is waiting. Called after an invocation has answered and its work has ended, before the next one
    /// is asked for; the caller still waits for that.
    ///
    /// @param atMost how long it may take; what is not out then is left for later
    void flush(Duration atMost) throws InterruptedException;
}
