package dev.parley.ingestion.source;

import dev.parley.egress.Egress;
import dev.parley.egress.EgressError;
import dev.parley.egress.EgressFailure;
import dev.parley.egress.EgressLimits;
import dev.parley.egress.EgressRequest;
import dev.parley.egress.EgressStream;
import dev.parley.ingestion.source.HostTurns.Manners;
import dev.parley.invocation.Deadline;
import dev.parley.job.JobFailure;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Pages of the web, asked for as a good guest does: no more than robots.txt allows, one request after the other, later
/// where a server wants it later, and only for what has changed. That holds for every host that a redirect leads to.
@ApplicationScoped
class WebPages {

    static final int MAX_REDIRECTS = 5;

    private final Egress egress;
    private final RobotsTxt robots;
    private final HostTurns turns;
    private final SourcesConfig config;
    private final Clock clock;

    WebPages(Egress egress, RobotsTxt robots, HostTurns turns, SourcesConfig config, Clock clock) {
        this.egress = egress;
        this.robots = robots;
        this.turns = turns;
        this.config = config;
        this.clock = clock;
    }

    /// @param scope where it may have moved to
    /// @param known what of it is known: where that has not changed since it is not sent
    /// @param deadline by when there must be an answer
    record Request(WebUrl url, LinkScope scope, Validators known, Deadline deadline) {

        static Request of(WebUrl url, LinkScope scope, Deadline deadline) {
            return new Request(url, scope, Validators.NONE, deadline);
        }
    }

    /// What a server said of an answer of its own, for it to compare.
    record Validators(@Nullable String etag, @Nullable String lastModified) {
        static final Validators NONE = new Validators(null, null);
    }

    /// Makes something of an answer, whatever its status.
    interface Reader<T> {
        T read(EgressStream answer) throws IOException;
    }

    /// @throws Unfetched when it cannot be had
    /// @throws HostBusy when it is to be asked for later
    <T> T get(Request request, Reader<T> reader) {
        return visit(request, new Hop(request.url(), 0), reader);
    }

    static String reason(EgressFailure failure) {
        return String.valueOf(failure.problem(null).getMessage());
    }

    /// Whether the host may answer another time. Not so a host without an address, which must look like one inside.
    static boolean isPassing(EgressFailure failure) {
        return switch (failure.error()) {
            case EgressError.TimedOut _,
                    EgressError.ConnectionFailed _,
                    EgressError.TlsFailed _,
                    EgressError.BrokenOff _ -> true;
            default -> false;
        };
    }

    /// @param redirects how many led here
    private record Hop(WebUrl url, int redirects) {

        /// Before this one's server was asked.
        Unfetched refused(String reason) {
            return redirects == 0 ? Unfetched.unasked(reason) : Unfetched.refused(reason);
        }
    }

    private <T> T visit(Request request, Hop hop, Reader<T> reader) {
        return turn(request, hop, reader).get();
    }

    private <T> Supplier<T> turn(Request request, Hop hop, Reader<T> reader) {
        String host = hop.url.authority();
        try {
            Manners manners = Manners.pausing(pause(allowed(hop)));
            if (hop.redirects > 0) {
                manners = manners.goingOn().within(request.deadline().left().dividedBy(4));
            }
            return turns.take(host, manners, () -> ask(request, hop, reader));
        } catch (HostBusy busy) {
            if (hop.redirects == 0 || busy.isRefusal()) {
                throw busy;
            }
            // A try like any other: the next one would come as far, and might do so for ever.
            throw Unfetched.passing("It redirects to '%s', whose turn is too far away.".formatted(host));
        }
    }

    private Robots allowed(Hop hop) {
        Robots rules = robots(hop);
        if (!rules.allows(hop.url.path())) {
            throw hop.refused("The robots.txt of '%s' does not allow it.".formatted(hop.url.authority()));
        }
        return rules;
    }

    private Robots robots(Hop hop) {
        try {
            return robots.of(hop.url);
        } catch (EgressFailure failure) {
            throw unanswered(hop, failure);
        }
    }

    private Duration pause(Robots rules) {
        Duration asked = Duration.ofMillis((long) (rules.delaySeconds() * 1000));
        Duration granted = asked.compareTo(config.maxCrawlDelay()) < 0 ? asked : config.maxCrawlDelay();
        return granted.compareTo(config.hostDelay()) > 0 ? granted : config.hostDelay();
    }

    /// What was read; for a redirect that is still to come, once this host's turn is over.
    private <T> Supplier<T> ask(Request request, Hop hop, Reader<T> reader) {
        try (EgressStream answer = open(request, hop)) {
            if (answer.status() == 429 || answer.status() == 503) {
                throw busy(answer, hop.url);
            }
            if (answer.redirect().isPresent()) {
                Hop next = next(request, hop, answer.redirect().get());
                return () -> visit(request, next, reader);
            }
            T read = reader.read(answer);
            return () -> read;
        } catch (EgressFailure failure) {
            throw unread(failure);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private EgressStream open(Request request, Hop hop) {
        try {
            return egress.openHop(egressRequest(request, hop));
        } catch (EgressFailure failure) {
            throw unanswered(hop, failure);
        }
    }

    private static RuntimeException unanswered(Hop hop, EgressFailure failure) {
        if (failure.error() instanceof EgressError.Stopped) {
            return JobFailure.passing("check", failure);
        }
        String reason = reason(failure);
        return isPassing(failure)
                ? HostBusy.silent(hop.url.authority(), reason, Optional.empty())
                : hop.refused(reason);
    }

    /// The host did answer, so it may well have others of its pages.
    private static RuntimeException unread(EgressFailure failure) {
        if (failure.error() instanceof EgressError.Stopped) {
            return JobFailure.passing("check", failure);
        }
        String reason = reason(failure);
        return isPassing(failure) ? Unfetched.passing(reason) : Unfetched.refused(reason);
    }

    private HostBusy busy(EgressStream answer, WebUrl url) {
        Optional<Duration> pause = RetryAfter.of(answer, clock.instant());
        turns.pause(url.authority(), pause.orElse(config.retry()));
        return HostBusy.asked(url.authority(), answer.status(), pause);
    }

    private static Hop next(Request request, Hop hop, String redirect) {
        WebUrl to = WebUrl.parse(redirect)
                .orElseThrow(() -> Unfetched.refused("It redirects to what is no URL of a page."));
        if (hop.redirects == MAX_REDIRECTS) {
            throw Unfetched.refused("It redirects more than %d times.".formatted(MAX_REDIRECTS));
        }
        if (!request.scope().letsMove(request.url(), to)) {
            throw Unfetched.refused(request.scope().explain(to));
        }
        return new Hop(to, hop.redirects + 1);
    }

    private EgressRequest egressRequest(Request request, Hop hop) {
        Duration half = request.deadline().left().dividedBy(2);
        Duration total = half.compareTo(config.fetchTimeout()) < 0 ? half : config.fetchTimeout();
        var ask = EgressRequest.get(hop.url.toString())
                .withHeader("User-Agent", config.userAgent())
                .within(EgressLimits.CONFIGURED.withTotal(total));
        // Another URL has other answers: what one said of its own says nothing of theirs.
        Validators known = hop.redirects == 0 ? request.known() : Validators.NONE;
        if (known.etag() != null) {
            ask = ask.withHeader("If-None-Match", known.etag());
        }
        return known.lastModified() == null ? ask : ask.withHeader("If-Modified-Since", known.lastModified());
    }
}
