package dev.parley.batch;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// How large batches may be, and how much of this process they get.
@ConfigMapping(prefix = "parley.batch")
interface BatchConfig {

    /// Lines of all batches that run at once in this process. More finish sooner; each takes a share of the machine and
    /// of the providers' limits from those who wait for an answer.
    @WithDefault("4")
    int concurrency();

    /// Processes that may work on one batch together.
    @WithDefault("4")
    int lanes();

    /// The share of every rate limit that is left to others: when a line finds less, its batch pauses until there is
    /// that much again. 0 lets batches use limits up, and everybody else wait.
    @WithDefault("0.2")
    double headroom();

    /// Lines of one batch. The ids of all are in memory while the file is checked.
    @WithDefault("50000")
    int maxLines();

    /// The longest line.
    @WithDefault("4M")
    MemorySize maxLineBytes();

    /// How long after it was made a batch expires; a day at most, because so long outcomes are known to be repeated.
    @WithDefault("24h")
    Duration completionWindow();

    /// How long a worker stays with a batch before it gives its place to other jobs. It ends later by as much as its
    /// last lines take.
    @WithDefault("20s")
    Duration slice();

    /// How long after its worker's death a line is taken over. Renewed at a third of it.
    @WithDefault("60s")
    Duration lineLease();

    /// How often a line is tried whose provider refuses or cannot be reached, before that is its answer.
    @WithDefault("5")
    int attempts();

    /// The wait before the second attempt; it doubles from attempt to attempt.
    @WithDefault("15s")
    Duration retry();

    /// How soon a batch looks again whether a budget has room for it.
    @WithDefault("1m")
    Duration budgetPause();
}
