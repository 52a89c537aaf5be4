package dev.parley.ingestion.source;

import dev.parley.egress.Egress;
import dev.parley.egress.EgressFailure;
import dev.parley.egress.EgressLimits;
import dev.parley.egress.EgressRequest;
import dev.parley.egress.EgressStream;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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

    private static final int REMEMBERED = 1000;

    private final Egress egress;
    private final HostTurns turns;
    private final SourcesConfig config;
    private final Clock clock;
    private final Map<String, Known> byOrigin = new ConcurrentHashMap<>();

    RobotsTxt(Egress egress, HostTurns turns, SourcesConfig config, Clock clock) {
        this.egress = egress;
        this.turns = turns;
        this.config = config;
        this.clock = clock;
    }

    /// @param silent why the host could not say what it allows
    private record Known(Robots robots, @Nullable Unfetched silent, Instant until) {}

    /// @throws Unfetched when the host cannot say what it allows: then nothing is
    /// @throws HostBusy when the host is to be left alone
    /// @throws EgressFailure when it may not be reached, or cannot be
    Robots of(WebUrl url) {
        Instant now = clock.instant();
        Known known = byOrigin.get(url.origin());
        if (known == null || !known.until.isAfter(now)) {
            if (byOrigin.size() > REMEMBERED) {
                byOrigin.values().removeIf(old -> !old.until.isAfter(now));
            }
            known = turns.take(url.authority(), config.hostDelay(), () -> ask(url.origin()));
            byOrigin.put(url.origin(), known);
        }
        if (known.silent != null) {
            throw known.silent;
        }
        return known.robots;
    }

    private Known ask(String origin) {
        var request = EgressRequest.get(origin + "/robots.txt")
                .withHeader("User-Agent", config.userAgent())
                .within(EgressLimits.CONFIGURED.withTotal(TOTAL));
        try (EgressStream answer = egress.open(request)) {
            if (answer.status() / 100 == 2) {
                String text = new String(answer.body().readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
                return known(Robots.parse(text, robot()));
            }
            return answer.status() / 100 == 5 || answer.status() == 429
                    ? silent("The server's robots.txt answered %d, so nothing is asked of it."
                            .formatted(answer.status()))
                    : known(Robots.ALL);
        } catch (EgressFailure failure) {
            if (failure.error().isRefusal() || WebPages.isStopped(failure)) {
                throw failure;
            }
            return silent(String.valueOf(failure.problem(null).getMessage()));
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible); // the body fails by its own failures
        }
    }

    private Known known(Robots robots) {
        return new Known(robots, null, clock.instant().plus(config.robotsTtl()));
    }

    private Known silent(String why) {
        Duration life = config.robotsTtl().compareTo(SILENCE) < 0 ? config.robotsTtl() : SILENCE;
        return new Known(Robots.NONE, Unfetched.passing(why), clock.instant().plus(life));
    }

    private String robot() {
        return config.userAgent().split("[/ ]", 2)[0];
    }
}
