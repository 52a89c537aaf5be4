package dev.parley.knowledge;

import dev.parley.problem.Problem;
import dev.parley.problem.ProblemKind;
import org.jboss.logging.Logger;

/// One batch of deletions, of which one that fails keeps no other from being made.
final class Sweep {

    private static final Logger LOG = Logger.getLogger(Sweep.class);

    private int removed;

    void remove(Object what, Runnable removal) {
        try {
            removal.run();
            removed++;
        } catch (Problem problem) {
            // Its owner was faster.
            if (problem.kind() != ProblemKind.NOT_FOUND) {
                failed(what, problem);
            }
        } catch (RuntimeException failure) {
            failed(what, failure);
        }
    }

    private static void failed(Object what, RuntimeException failure) {
        LOG.warnf(failure, "%s is left for the next turn", what);
    }

    /// Whether another batch is worth its while: this one was not empty, nor of failures only.
    boolean hasMore() {
        return removed > 0;
    }
}
