package dev.parley.egress;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// Where requests to URLs that users name may go, and how much they may take.
@ConfigMapping(prefix = "parley.egress")
interface EgressConfig {

    /// Schemes that URLs may have. With `http` anybody on the way reads and changes what is sent and what comes back;
    /// a redirect from `https` to `http` is refused all the same.
    @WithDefault("https")
    Set<String> schemes();

    /// The only hosts that are reached: `api.example.com`, or `*.example.com` for all below it. Without it, any host
    /// with a public address: more useful to users, and a way out for whatever a model was talked into sending.
    Optional<Set<String>> allowedHosts();

    /// Hosts that are not reached though they would be allowed.
    Optional<Set<String>> deniedHosts();

    /// Ports that URLs may name. More reach servers on odd ports, and let this process knock at mail servers and
    /// databases of others.
    @WithDefault("443,80")
    Set<Integer> ports();

    /// Ranges that are reached though they are not public (`10.1.2.0/24`), such as that of an intranet's tool server.
    /// Every user who can name a URL can then talk to whatever listens there: keep them narrow, and name the hosts
    /// in `allowed-hosts`. Addresses that hand out a machine's credentials are never reached.
    Optional<Set<String>> allowedRanges();

    /// Ranges that are not reached though they are public: own servers that trust this one by its address, a NAT64
    /// prefix of the network's own.
    Optional<Set<String>> deniedRanges();

    /// Certificate authorities (a PEM file) that are trusted instead of the platform's, for servers with certificates
    /// of an authority of one's own. Public servers are then not trusted unless theirs are in it.
    Optional<Path> caFile();

    /// How long a place at the host, its addresses, and a connection to one of them may take, each. Longer reaches
    /// servers far away and lets dead ones hold a thread.
    @WithDefault("5s")
    Duration connect();

    /// How long nothing may come: before the answer, and within it. Longer waits for slow tools.
    @WithDefault("15s")
    Duration idle();

    /// How long a whole answer may take, redirects included: what ends servers that send a byte now and then.
    @WithDefault("30s")
    Duration total();

    /// `idle` for streams of events, which are silent between two events.
    @WithDefault("60s")
    Duration streamIdle();

    /// `total` for streams. A stream holds a connection on both sides for so long.
    @WithDefault("10m")
    Duration streamTotal();

    /// Bytes of an answer's body, as it comes and again as it is decompressed, of a stream's too. Whole answers are
    /// held in memory.
    @WithDefault("8M")
    MemorySize maxBytes();

    /// Bytes of an answer's status line and headers.
    @WithDefault("32K")
    MemorySize maxHeaderBytes();

    /// Redirects that are followed. Honest sites need two or three.
    @WithDefault("5")
    int maxRedirects();

    /// Requests to one host at once in this process, open streams included; others wait, no longer than `connect`.
    /// More is faster for busy tools and harder on their servers.
    @WithDefault("16")
    int hostConcurrency();

    /// Host names that are looked up at once. A name server that does not answer holds a thread of the platform for as
    /// long as the platform waits.
    @WithDefault("32")
    int lookups();
}
