package dev.parley.ingestion.source;

import dev.parley.egress.Egress;
import dev.parley.egress.EgressError;
import dev.parley.egress.EgressFailure;
import dev.parley.egress.EgressLimits;
import dev.parley.egress.EgressRequest;
import dev.parley.egress.EgressStream;
import dev.parley.invocation.Deadline;
import dev.parley.job.JobFailure;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Pages of the web, asked for as a good guest does: no more than robots.txt allows, one request after the other, later
/// where a server wants it later, and only for what has changed.
@ApplicationScoped
class WebPages {

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);

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

    /// @param etag of what is known of it, and its date: what has not changed since is not sent
    /// @param deadline by when there must be an answer
    record Request(
            WebUrl url, @Nullable String etag, @Nullable String lastModified, Deadline deadline) {

        static Request of(WebUrl url, Deadline deadline) {
            return new Request(url, null, null, deadline);
        }
    }

    /// Makes something of an answer, whatever its status.
    interface Reader<T> {
        T read(EgressStream answer) throws IOException;
    }

    /// @throws Unfetched when it cannot be had
    /// @throws HostBusy when it is to be asked for later
    <T> T get(Request request, Reader<T> reader) {
        try {
            Robots rules = allowed(request.url());
            return turns.take(request.url().authority(), pause(rules), () -> ask(request, reader));
        } catch (EgressFailure failure) {
            if (isStopped(failure)) {
                throw JobFailure.passing("check", failure);
            }
            String reason = String.valueOf(failure.problem(null).getMessage());
            throw failure.error().isRefusal() ? Unfetched.refused(reason) : Unfetched.passing(reason);
        }
    }

    static boolean isStopped(EgressFailure failure) {
        return failure.error() instanceof EgressError.Stopped;
    }

    private Robots allowed(WebUrl url) {
        Robots rules = robots.of(url);
        if (!rules.allows(url.path())) {
            throw Unfetched.refused("The robots.txt of '%s' does not allow it.".formatted(url.authority()));
        }
        return rules;
    }

    private Duration pause(Robots rules) {
        Duration asked = Duration.ofMillis((long) (rules.delaySeconds() * 1000));
        Duration granted = asked.compareTo(config.maxCrawlDelay()) < 0 ? asked : config.maxCrawlDelay();
        return granted.compareTo(config.hostDelay()) > 0 ? granted : config.hostDelay();
    }

    private <T> T ask(Request request, Reader<T> reader) {
        try (EgressStream answer = egress.open(egressRequest(request))) {
            if (answer.status() == 429 || answer.status() == 503) {
                Duration pause = retryAfter(answer).orElse(config.retry());
                turns.pause(request.url().authority(), pause);
                throw HostBusy.asked(answer.status(), pause);
            }
            if (!answer.url().equals(request.url().toString())) {
                WebUrl.parse(answer.url()).ifPresent(this::allowed);
            }
            return reader.read(answer);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private EgressRequest egressRequest(Request request) {
        Duration half = request.deadline().left().dividedBy(2);
        Duration total = half.compareTo(config.fetchTimeout()) < 0 ? half : config.fetchTimeout();
        var ask = EgressRequest.get(request.url().toString())
                .withHeader("User-Agent", config.userAgent())
                .within(EgressLimits.CONFIGURED.withTotal(total));
        if (request.etag() != null) {
            ask = ask.withHeader("If-None-Match", request.etag());
        }
        return request.lastModified() == null ? ask : ask.withHeader("If-Modified-Since", request.lastModified());
    }

    /// Seconds or a date: RFC 9110, section 10.2.3.
    private Optional<Duration> retryAfter(EgressStream answer) {
        return answer.headers().first("Retry-After").flatMap(this::delay).map(WebPages::bounded);
    }

    private Optional<Duration> delay(String text) {
        if (text.strip().matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text.strip())));
        }
        try {
            ZonedDateTime then = ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME);
            return Optional.of(Duration.between(clock.instant(), then.toInstant()));
        } catch (DateTimeException nonsense) {
            return Optional.empty();
        }
    }

    private static Duration bounded(Duration asked) {
        if (asked.compareTo(SHORTEST) < 0) {
            return SHORTEST;
        }
        return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    }
}
