package dev.parley.tool;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// How tools are called.
@ConfigMapping(prefix = "parley.tools.calls")
interface CallsConfig {

    /// Calls of one round that run at once; others wait for a place. More is faster and harder on what tools talk to.
    @WithDefault("8")
    int parallel();

    /// Calls of one round. A model that asks for more is told so; more cost more tokens than they help.
    @WithDefault("32")
    int perRound();

    /// UTF-16 characters of a result that a model gets to read. The rest is cut off and said to be: more costs tokens
    /// in every round after it.
    @WithDefault("32768")
    int maxResult();

    /// How long after its time-out a running call counts as under way. Longer tells of calls in doubt later, and is
    /// safer against clocks and pauses of a process.
    @WithDefault("10s")
    Duration grace();

    /// Days for which calls are kept, after which nobody can look up what they did. Those in doubt are kept until
    /// somebody settles them.
    @WithDefault("90")
    int days();
}
