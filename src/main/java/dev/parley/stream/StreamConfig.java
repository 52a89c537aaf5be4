package dev.parley.stream;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// How streams are kept and written.
@ConfigMapping(prefix = "parley.stream")
interface StreamConfig {

    /// Days after which the event logs of a day's turns are emptied. More lets clients resume longer and keeps more
    /// content in the database. At least 1 and at most 5: the log is a ring of eight days.
    @WithDefault("2")
    int keepDays();

    /// Flushes at the same time. More bring events to other processes sooner under load; fewer leave connections to
    /// requests, and flushes grow larger instead of more.
    @WithDefault("4")
    int flushes();

    /// Events of one stream that wait for a database that is away. Beyond it the stream is logged no further, and
    /// whoever follows it is told what is missing.
    @WithDefault("8192")
    int logBuffer();

    /// Characters of one stream that wait, for its log or for its client.
    @WithDefault("2097152")
    int bufferedCharacters();

    /// How long a stream waits for a database that is away: for further sequence numbers, or for news of a turn that
    /// runs elsewhere. Longer outlasts longer outages, shorter lets clients ask again sooner.
    @WithDefault("PT30S")
    Duration outagePatience();

    /// A stream that says nothing for this long gets a comment line, so that proxies in between keep it open.
    @WithDefault("PT15S")
    Duration heartbeat();

    /// A client that takes nothing for this long is disconnected; its turn goes on, and it may resume.
    @WithDefault("PT30S")
    Duration stalledClient();

    /// The longest that one connection streams. Its client may resume.
    @WithDefault("PT15M")
    Duration longest();
}
