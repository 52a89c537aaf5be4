package dev.parley.egress;

import java.time.Duration;

/// How much one request may take.
///
/// @param connect   for finding and reaching a host, each
/// @param idle      how long nothing may come
/// @param total     from first to last, redirects included
/// @param maxBytes  of the body, compressed and decompressed, each
/// @param redirects how many are followed
public record EgressLimits(Duration connect, Duration idle, Duration total, long maxBytes, int redirects) {

    private static final Duration EVER = Duration.ofDays(1);

    /// Narrows nothing: where a caller begins who narrows one thing.
    public static final EgressLimits CONFIGURED = new EgressLimits(EVER, EVER, EVER, Long.MAX_VALUE, Integer.MAX_VALUE);

    static EgressLimits whole(EgressConfig config) {
        return new EgressLimits(
                config.connect(),
                config.idle(),
                config.total(),
                config.maxBytes().asLongValue(),
                config.maxRedirects());
    }

    static EgressLimits streamed(EgressConfig config) {
        EgressLimits whole = whole(config);
        return new EgressLimits(
                whole.connect, config.streamIdle(), config.streamTotal(), whole.maxBytes, whole.redirects);
    }

    public EgressLimits withTotal(Duration narrower) {
        return new EgressLimits(connect, idle, narrower, maxBytes, redirects);
    }

    public EgressLimits withMaxBytes(long narrower) {
        return new EgressLimits(connect, idle, total, narrower, redirects);
    }

    public EgressLimits withRedirects(int narrower) {
        return new EgressLimits(connect, idle, total, maxBytes, narrower);
    }

    /// The smaller of each: a caller may ask for less than is configured, never for more.
    EgressLimits and(EgressLimits other) {
        return new EgressLimits(
                shorter(connect, other.connect),
                shorter(idle, other.idle),
                shorter(total, other.total),
                Math.min(maxBytes, other.maxBytes),
                Math.min(redirects, other.redirects));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
