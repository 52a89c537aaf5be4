package dev.parley.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.knowledge.FileId;
import dev.parley.knowledge.Hit;
import dev.parley.knowledge.VectorStoreId;
import dev.parley.model.PromptTokens;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PassageBudgetTest {

    private static final String LONG = "A sentence of words. ".repeat(200).strip();

    @Test
    void theBestPassageIsCutAtAWordAndNotLeftOut() {
        List<Hit> fitting = new PassageBudget(100).fitting(List.of(hit(LONG)));

        assertThat(fitting).singleElement().satisfies(hit -> {
            assertThat(LONG).startsWith(hit.text());
            assertThat(hit.text()).matches("(?s).*(A|sentence|of|words|\\.)");
            assertThat(PromptTokens.estimate(hit.text())).isBetween(60, 100);
        });
    }

    @Test
    void aLaterPassageThatDoesNotFitMakesRoomForAShorterOne() {
        List<Hit> fitting = new PassageBudget(100).fitting(List.of(hit("Best."), hit(LONG), hit("Short.")));

        assertThat(fitting).extracting(Hit::text).containsExactly("Best.", "Short.");
    }

    @Test
    void textWithoutWordsIsCutBetweenCodePoints() {
        String text = new PassageBudget(99)
                .fitting(List.of(hit("\uD83D\uDE00".repeat(500))))
                .getFirst()
                .text();

        assertThat(text).isNotEmpty();
        assertThat(Character.isHighSurrogate(text.charAt(text.length() - 1))).isFalse();
    }

    @Test
    void passagesTakeNoMoreThanTheWindowLeaves() {
        assertThat(PassageBudget.of(4096, 100_000).tokens()).isEqualTo(4096);
        assertThat(PassageBudget.of(4096, 1000).tokens()).isEqualTo(1000);
    }

    @Test
    void aFullWindowStillHoldsTheBeginningOfTheBest() {
        PassageBudget budget = PassageBudget.of(4096, -5000);

        assertThat(budget.fitting(List.of(hit(LONG), hit(LONG)))).hasSize(1);
    }

    private static Hit hit(String text) {
        return new Hit(
                new VectorStoreId(UUID.randomUUID()),
                new FileId(UUID.randomUUID()),
                "a.txt",
                text,
                "",
                null,
                0.5,
                Map.of());
    }
}
