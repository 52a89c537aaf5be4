package dev.parley.job;

/// What a kind of job is like, which says on what threads it runs and how many run at once in a process: each
/// workload has its own workers, so what computes for long holds up nobody who waits for an answer.
public enum Workload {
    /// It keeps a core busy.
    COMPUTING,

    /// It mostly waits for others, and somebody waits for it.
    WAITING,

    /// It mostly waits for others, and nobody is in a hurry.
    PATIENT;

    int workers(JobConfig config) {
        if (config.workers() == 0) {
            return 0;
        }
        return switch (this) {
            case COMPUTING -> config.workers();
            case WAITING -> config.waitingWorkers();
            case PATIENT -> config.patientWorkers();
        };
    }

    /// A virtual thread in native code (ONNX) or a long loop would keep a carrier from the requests that run on virtual
    /// threads.
    Thread.Builder thread() {
        return switch (this) {
            case COMPUTING -> Thread.ofPlatform().daemon();
            case WAITING, PATIENT -> Thread.ofVirtual();
        };
    }
}
