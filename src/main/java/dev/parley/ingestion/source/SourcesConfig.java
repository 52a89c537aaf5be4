package dev.parley.ingestion.source;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// How sources are looked at. Which buckets they may name, `parley.ingestion.buckets` says.
@ConfigMapping(prefix = "parley.ingestion.sources")
interface SourcesConfig {

    /// How often a source may be looked at. More often notices changes sooner, and costs its server and this one.
    @WithDefault("15m")
    Duration minInterval();

    /// How many sources a tenant may have.
    @WithDefault("100")
    int maxSources();

    /// How many documents a source may hold at most, and holds where it does not say. A listing is written in one
    /// transaction per page, and looked through one document after the other.
    @WithDefault("10000")
    int maxDocuments();

    /// Who asks, as servers and their robots.txt know it. The name before the slash is what robots.txt goes by; a URL
    /// in the rest tells owners of sites whom to talk to.
    @WithDefault("Parley/1.0")
    String userAgent();

    /// How long a host is left alone between two requests. Shorter is faster, and harder on small servers.
    @WithDefault("250ms")
    Duration hostDelay();

    /// The longest delay that a robots.txt is granted.
    @WithDefault("10s")
    Duration maxCrawlDelay();

    /// For how long a host's robots.txt is known.
    @WithDefault("1h")
    Duration robotsTtl();

    /// How long a document may take to come. At most `parley.egress.stream-total` counts, and `parley.egress.max-bytes`
    /// for its size.
    @WithDefault("60s")
    Duration fetchTimeout();

    /// How long a worker stays with a source before other jobs have their turn.
    @WithDefault("30s")
    Duration slice();

    /// The wait before a listing or a document that could not be had for now is tried again, where its server does not
    /// say how long; it triples from try to try. After three tries a run goes on without it.
    @WithDefault("10s")
    Duration retry();
}
