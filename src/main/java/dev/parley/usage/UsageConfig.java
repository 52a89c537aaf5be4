package dev.parley.usage;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// How turns are watched over.
@ConfigMapping(prefix = "parley.usage")
interface UsageConfig {

    /// How long after its owner's death a turn is settled by somebody else. Renewed at a third of it: a shorter one
    /// costs writes, and one shorter than a pause of the process (GC, freeze) takes turns from owners that live.
    @WithDefault("30s")
    Duration lease();

    /// Days for which a stored response can be fetched.
    @WithDefault("30")
    int responseDays();

    /// Days for which other turns are kept: what an `Idempotency-Key` repeats, and what a late settlement corrects.
    @WithDefault("2")
    int turnDays();

    /// How long a settlement is tried again while the database is away. After that the turn is settled as one whose
    /// owner died. Longer saves the answers of longer outages; until then the turn counts as under way.
    @WithDefault("5m")
    Duration settlementPatience();

    /// How much may wait for the database in this process: answers, items and events that are not settled. What comes
    /// beyond it is left to the reaper; more of it is memory that an outage takes.
    @WithDefault("64M")
    MemorySize settlementBacklog();

    /// How long running turns may go on at shutdown before they are failed. Longer lets more of them finish; it must
    /// stay, with some seconds to settle, below `quarkus.shutdown.timeout` and what the platform grants.
    @WithDefault("20s")
    Duration shutdownGrace();
}
