package dev.parley.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.parley.model.SharedBreakers.ModelKey;
import dev.parley.testing.Reply;
import dev.parley.testing.ScriptedProvider;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// The routes are those of `ScriptedProviderResource`.
@QuarkusTest
class RouterIT {

    private static final ModelKey FIRST = new ModelKey("scripted", "priced-alone");
    private static final ModelKey SECOND = new ModelKey("scripted-anthropic", "scripted-anthropic");

    @Inject
    Catalog catalog;

    @Inject
    SharedBreakers breakers;

    @Inject
    ChatModels models;

    private Instant now = Instant.EPOCH;
    private final Speeds speeds = new Speeds(new Clock() {
        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    });

    @Test
    void aRouteByWeightAsksEachModelFirstAsOftenAsItsShareSays() {
        int first = 0;
        for (int drawn = 0; drawn < 10; drawn++) {
            first += aliases("route-weight", drawn).getFirst().equals("priced-alone") ? 1 : 0;
        }

        assertThat(first).isEqualTo(9);
        assertThat(aliases("route-weight", 9)).containsExactly("scripted-anthropic", "priced-alone");
    }

    @Test
    void aRouteByPriceAsksTheCheapestFirstAndOneWithoutAPriceLast() {
        assertThat(aliases("route-price", 0)).containsExactly("extractive", "priced-alone", "scripted-alone");
    }

    @Test
    void aRouteBySpeedTriesWhatItDoesNotKnowAndThenPrefersTheFastest() {
        assertThat(aliases("route-speed", 0)).containsExactly("priced-alone", "scripted-anthropic");

        speeds.answered(FIRST, Duration.ofMillis(300));
        assertThat(aliases("route-speed", 0)).containsExactly("scripted-anthropic", "priced-alone");

        speeds.answered(SECOND, Duration.ofMillis(200));
        assertThat(aliases("route-speed", 0)).containsExactly("scripted-anthropic", "priced-alone");

        speeds.answered(SECOND, Duration.ofMillis(2000));
        assertThat(aliases("route-speed", 0)).containsExactly("priced-alone", "scripted-anthropic");
    }

    @Test
    void aSlowModelIsTriedAgainAfterAWhile() {
        speeds.answered(FIRST, Duration.ofMillis(100));
        speeds.answered(SECOND, Duration.ofMillis(200));
        now = now.plus(Duration.ofMinutes(4));
        speeds.answered(FIRST, Duration.ofMillis(100));
        now = now.plus(Duration.ofMinutes(2));

        assertThat(aliases("route-speed", 0)).containsExactly("scripted-anthropic", "priced-alone");
    }

    @Test
    void whatAnyProcessFoundDownComesLast() {
        var elsewhere = new ModelKey("scripted-routed", "routed-first");
        assertThat(aliases("route-order", 0)).containsExactly("routed-first", "priced-alone");

        breakers.opened(elsewhere, Duration.ofMinutes(1));
        org.awaitility.Awaitility.await().untilAsserted(() -> {
            breakers.renew();
            assertThat(breakers.isLeftAlone(elsewhere)).isTrue();
        });
        try {
            assertThat(aliases("route-order", 0)).containsExactly("priced-alone", "routed-first");
        } finally {
            breakers.close(elsewhere);
        }
    }

    @Test
    void aRouteAnswersByWhicheverModelItAskedAndFallsBackToTheOthers() {
        var script = ScriptedProvider.script(
                Reply.error(401, "invalid_api_key", "No.").onlyFor("routed-first"),
                Reply.text("Me.").onlyFor("priced-alone"));

        Generation generation = models.generate("route-order", ask(script.marker()), Spend.UNMETERED);

        assertThat(generation.model()).isEqualTo("priced-alone");
        assertThat(generation.attempts()).extracting(Attempt::failure).containsExactly("provider_auth", null);
    }

    @Test
    void aRouteTellsWhatHoldsForAllOfItsModels() {
        assertThat(models.info("route-price").maxOutputTokens()).isEqualTo(1024);
        assertThat(models.info("route-price").contextWindow()).isEqualTo(8192);
    }

    private List<String> aliases(String route, int drawn) {
        RandomGenerator random = new RandomGenerator() {
            @Override
            public long nextLong() {
                return drawn;
            }

            @Override
            public int nextInt(int bound) {
                return drawn;
            }
        };
        return new Router(catalog, breakers, speeds, random)
                .chain(route, ask("")).stream().map(Catalog.ChatEntry::alias).toList();
    }

    private static ChatRequest ask(String text) {
        return ChatRequest.builder().messages(UserMessage.from("Hello " + text)).build();
    }
}
