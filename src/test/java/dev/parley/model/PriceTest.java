package dev.parley.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.output.TokenUsage;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class PriceTest {

    private final Price price =
            new Price(new BigDecimal("1"), new BigDecimal("0.10"), new BigDecimal("1.25"), new BigDecimal("2"));

    @Test
    void everyTokenIsPaidOnceAtThePriceOfWhereItCameFrom() {
        var usage = CachedUsage.of(new CachedUsage.Input(40, 40, 20), 10);

        assertThat(usage.inputTokenCount()).isEqualTo(100);
        assertThat(price.micros(usage)).isEqualTo(40 + 4 + 25 + 20);
        assertThat(price.micros(new TokenUsage(100, 10))).isEqualTo(120);
    }

    @Test
    void aCallThatCostsSomethingIsNeverFree() {
        assertThat(price.micros(CachedUsage.of(new CachedUsage.Input(0, 1, 0), 0)))
                .isEqualTo(1);
    }

    @Test
    void theMostCoversAPromptThatIsAllWrittenToTheCache() {
        assertThat(price.atMost(100, 10)).isEqualTo(145);
    }
}
