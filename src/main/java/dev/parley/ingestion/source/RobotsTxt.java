package dev.parley.ingestion.source;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.egress.Egress;
import dev.parley.egress.EgressFailure;
import dev.parley.egress.EgressLimits;
import dev.parley.egress.EgressRequest;
import dev.parley.egress.EgressStream;
import dev.parley.ingestion.source.HostTurns.Manners;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Every host's robots.txt, asked for once in a while.
///
/// Source: https://www.rfc-editor.org/rfc/rfc9309#name-access-results
@ApplicationScoped
class RobotsTxt {

    /// What has to be read of it at least.
    private static final int MAX_BYTES = 500 * 1024;

    private static final Duration TOTAL = Duration.ofSeconds(10);

    /// So long a host is left alone that cannot say what it allows.
    private static final Duration SILENCE = Duration.ofMinutes(1);

    /// With [Robots#MAX_WEIGHT] for each that is 64 MB at the very most.
    private static final int REMEMBERED = 500;

    private final Egress egress;
    private final HostTurns turns;
    private final SourcesConfig config;
    private final Clock clock;
    private final Cache<String, Known> byOrigin;

    RobotsTxt(Egress egress, HostTurns turns, SourcesConfig config, Clock clock) {
        this.egress = egress;
        this.turns = turns;
        this.config = config;
        this.clock = clock;
        this.byOrigin = Caffeine.newBuilder()
                .expireAfterWrite(config.robotsTtl())
                .maximumSize(REMEMBERED)
                .build();
    }

    /// @param silent why the host could not say what it allows
    private record Known(Robots robots, @Nullable String silent, Instant until) {}

    /// @throws HostBusy when the host is to be left alone, or cannot say what it allows: then nothing is
    /// @throws EgressFailure when it may not be reached
    Robots of(WebUrl url) {
        Instant now = clock.instant();
        Known known = byOrigin.getIfPresent(url.origin());
        if (known == null || !known.until.isAfter(now)) {
            known = look(url.onSameHost("/robots.txt"));
            byOrigin.put(url.origin(), known);
        }
        if (known.silent != null) {
            throw HostBusy.silent(url.authority(), known.silent, Optional.of(Duration.between(now, known.until)));
        }
        return known.robots;
    }

    private Known look(WebUrl url) {
        try {
            return ask(url, 0);
        } catch (HostBusy elsewhere) {
            // Where a robots.txt redirects to: nothing may be asked of this one until it is known.
            throw HostBusy.here(url.authority(), elsewhere.pause().orElse(HostTurns.PATIENCE));
        } catch (EgressFailure failure) {
            if (WebPages.isPassing(failure)) {
                return silent(WebPages.reason(failure));
            }
            throw failure;
        }
    }

    private Known ask(WebUrl url, int redirects) {
        Manners manners = Manners.pausing(config.hostDelay());
        return turns.take(url.authority(), redirects == 0 ? manners : manners.goingOn(), () -> read(url, redirects))
                .get();
    }

    /// What it says; for a redirect that is still to come, once this host's turn is over. It may lead anywhere.
    private Supplier<Known> read(WebUrl url, int redirects) {
        var request = EgressRequest.get(url.toString())
                .withHeader("User-Agent", config.userAgent())
                .within(EgressLimits.CONFIGURED.withTotal(TOTAL));
        try (EgressStream answer = egress.openHop(request)) {
            Optional<WebUrl> next = answer.redirect().flatMap(WebUrl::parse);
            if (next.isPresent() && redirects < WebPages.MAX_REDIRECTS) {
                return () -> ask(next.get(), redirects + 1);
            }
            Known known = read(answer);
            return () -> known;
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible); // the body fails by its own failures
        }
    }

    private Known read(EgressStream answer) throws IOException {
        if (answer.status() / 100 == 2) {
            String text = new String(answer.body().readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
            return known(Robots.parse(text, robot()));
        }
        return answer.status() / 100 == 5 || answer.status() == 429
                ? silent("The server's robots.txt answered %d, so nothing is asked of it.".formatted(answer.status()))
                : known(Robots.ALL);
    }

    private Known known(Robots robots) {
        return new Known(robots, null, clock.instant().plus(config.robotsTtl()));
    }

    private Known silent(String why) {
        Duration life = config.robotsTtl().compareTo(SILENCE) < 0 ? config.robotsTtl() : SILENCE;
        return new Known(Robots.NONE, why, clock.instant().plus(life));
    }

    private String robot() {
        return config.userAgent().split("[/ ]", 2)[0];
    }
}
