package dev.parley.knowledge;

import dev.parley.problem.Problem;
import org.jspecify.annotations.Nullable;

/// Which way the pages of a list can be turned.
final class Cursors {

    private Cursors() {}

    /// OpenAI's `before` is refused: to ignore it would give the first page for the one before.
    static void refuseBefore(@Nullable String before) {
        if (before != null) {
            throw Problem.unsupported(
                    "before", "Lists are paged forwards only: use 'after', and 'order' to turn them.");
        }
    }
}
