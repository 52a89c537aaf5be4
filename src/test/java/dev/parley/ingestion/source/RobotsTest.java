package dev.parley.ingestion.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RobotsTest {

    @Test
    void theLongestRuleDecidesAndOfTwoAsLongTheOneThatAllows() {
        Robots robots = robots("User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /c\nAllow: /c\n");

        assertThat(robots.allows("/a/x")).isFalse();
        assertThat(robots.allows("/a/b/c")).isTrue();
        assertThat(robots.allows("/c")).isTrue();
        assertThat(robots.allows("/")).isTrue();
    }

    @Test
    void groupsOfItsOwnCountInsteadOfThoseForAnybody() {
        Robots robots =
                robots("User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-agent: PARLEY\nDisallow: /x # no\n");

        assertThat(robots.allows("/x/y")).isFalse();
        assertThat(robots.allows("/y")).isTrue();
    }

    @Test
    void rulesAndPathsAreComparedAsTheyAreSent() {
        for (String rule : List.of("/café/", "/caf%C3%A9/", "/caf%c3%a9/", "/c%61f%C3%A9/")) {
            Robots robots = robots("User-agent: *\nDisallow: " + rule + "\n");

            for (String path : List.of("/café/x", "/caf%C3%A9/x", "/caf%c3%a9/x", "/c%61fé/x")) {
                assertThat(robots.allows(WebUrl.parse("https://e.com" + path)
                                .orElseThrow()
                                .path()))
                        .as("%s by %s", path, rule)
                        .isFalse();
            }
            assertThat(robots.allows("/cafe/x")).isTrue();
        }
        assertThat(robots("User-agent: *\nDisallow: /a%2Fb\n").allows("/a/b")).isTrue();
        assertThat(robots("User-agent: *\nDisallow: /*é$\n").allows("/a%C3%A9")).isFalse();
    }

    @Test
    void anEmptyRuleForbidsNothing() {
        assertThat(robots("User-agent: *\nDisallow:\n").allows("/a")).isTrue();
        assertThat(robots("").allows("/a")).isTrue();
    }

    @Test
    void patternsKnowAnyTextAndTheEnd() {
        Robots robots = robots("User-agent: *\nDisallow: /*.pdf$\nDisallow: /*/private/\n");

        assertThat(robots.allows("/a/b.pdf")).isFalse();
        assertThat(robots.allows("/a/b.pdf?x")).isTrue();
        assertThat(robots.allows("/a/private/b")).isFalse();
        assertThat(robots.allows("/private/b")).isTrue();
    }

    @Test
    @Timeout(5)
    void noPatternTakesLong() {
        Robots robots = robots("User-agent: *\nDisallow: /" + "*a".repeat(500) + "$\n");

        assertThat(robots.allows("/" + "a".repeat(400) + "b")).isTrue();
    }

    @Test
    void aDelayIsHeeded() {
        assertThat(robots("User-agent: *\nCrawl-delay: 2.5\n").delaySeconds()).isEqualTo(2.5);
        assertThat(robots("User-agent: *\nCrawl-delay: soon\n").delaySeconds()).isZero();
    }

    @Test
    void moreRulesThanAreHeldForbidAll() {
        String many = "Disallow: /some/path/or/other\n".repeat(1000);
        assertThat(robots("User-agent: *\n" + many).allows("/a")).isTrue();

        assertThat(robots("User-agent: *\n" + many + many).allows("/a")).isFalse();
        assertThat(robots("User-agent: other\n" + many + many + "User-agent: *\nDisallow: /x")
                        .allows("/a"))
                .isTrue();
    }

    private static Robots robots(String text) {
        return Robots.parse(text, "Parley");
    }
}
