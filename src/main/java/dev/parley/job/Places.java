package dev.parley.job;

import java.util.HashSet;
import java.util.Set;

/// The places of this process's workers. A worker that hangs and was given up loses its place to another, but only so
/// many do: what hangs, one file after the other, must not fill the process with threads. Beyond that a worker keeps
/// its place until it ends.
final class Places {

    private final int spare;
    private final Set<Lease> taken = new HashSet<>();
    private final Set<Lease> replaced = new HashSet<>();

    /// @param spare how many hanging workers may be replaced at a time
    Places(int spare) {
        this.spare = spare;
    }

    synchronized void take(Lease lease) {
        taken.add(lease);
    }

    /// Whether the place of this worker, which hangs, is free now.
    synchronized boolean replace(Lease lease) {
        return replaced.size() < spare && taken.remove(lease) && replaced.add(lease);
    }

    /// Whether the place of this worker, which has ended, is free now: not if it was replaced.
    synchronized boolean leave(Lease lease) {
        replaced.remove(lease);
        return taken.remove(lease);
    }
}
