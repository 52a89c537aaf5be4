package dev.parley.egress;

import org.jspecify.annotations.Nullable;

/// Everything that can go wrong with a request to a URL that a user named.
public sealed interface EgressError {

    /// Whether the request was not allowed, as opposed to having gone wrong: what an operator looks for in the logs.
    default boolean isRefusal() {
        return switch (this) {
            case ForbiddenScheme _ -> true;
            case ForbiddenHost _ -> true;
            case ForbiddenPort _ -> true;
            case ForbiddenAddress _ -> true;
            case Downgraded _ -> true;
            default -> false;
        };
    }

    /// Whether a server may have got the request before it went wrong, and done what it asks for. Of requests that
    /// follow redirects that says nothing of the servers before the last.
    default boolean mayHaveArrived() {
        return switch (this) {
            case InvalidUrl _,
                    InvalidHeader _,
                    ForbiddenScheme _,
                    ForbiddenHost _,
                    ForbiddenPort _,
                    ForbiddenAddress _,
                    Unresolvable _,
                    ConnectionFailed _ -> false;
            case TimedOut late ->
                switch (late.phase()) {
                    case TURN, RESOLUTION, CONNECTION -> false;
                    case ANSWER, BODY -> true;
                };
            case TlsFailed _, // as a connection that breaks can look, too
                    Downgraded _,
                    TooManyRedirects _,
                    TooLarge _,
                    WrongContentType _,
                    UnknownEncoding _,
                    BrokenOff _,
                    Malformed _,
                    Stopped _ -> true;
        };
    }

    /// @param why for people: `it has no host`
    record InvalidUrl(String why) implements EgressError {}

    /// A header that the request may not have: one that frames messages, one with a line break in it.
    record InvalidHeader(String name) implements EgressError {}

    record ForbiddenScheme(String scheme) implements EgressError {}

    record ForbiddenHost(String host) implements EgressError {}

    record ForbiddenPort(int port) implements EgressError {}

    /// The host is, or resolves to, an address that is not public.
    ///
    /// @param address for logs only: told to a user it would map the network
    record ForbiddenAddress(String host, String address, String range) implements EgressError {}

    record Unresolvable(String host) implements EgressError {}

    /// A redirect from HTTPS to HTTP.
    record Downgraded(String host) implements EgressError {}

    record TooManyRedirects(int limit) implements EgressError {}

    /// @param limit in bytes
    record TooLarge(Part part, long limit) implements EgressError {}

    /// @param type what came instead; null where the answer did not say
    record WrongContentType(@Nullable String type) implements EgressError {}

    /// An encoding that was not asked for.
    record UnknownEncoding(String encoding) implements EgressError {}

    record TimedOut(String host, Phase phase) implements EgressError {}

    record ConnectionFailed(String host) implements EgressError {}

    /// No encrypted connection: a certificate for another name, of an unknown authority, out of date.
    record TlsFailed(String host) implements EgressError {}

    /// The connection ended before the answer did.
    record BrokenOff(String host) implements EgressError {}

    /// What came is not HTTP, or not encoded as it says.
    record Malformed(String host) implements EgressError {}

    /// Our own doing: the thread that waited was interrupted.
    record Stopped() implements EgressError {}

    /// What of an answer was too large.
    enum Part {
        HEADERS,
        BODY,
        EVENT
    }

    /// What was waited for in vain.
    enum Phase {
        /// Other requests to the same host.
        TURN,
        RESOLUTION,
        CONNECTION,
        ANSWER,
        BODY
    }
}
