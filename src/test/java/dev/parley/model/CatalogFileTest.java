package dev.parley.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogFileTest {

    private final CatalogFile file = new CatalogFile();

    @Test
    void pricesHaveADate() {
        assertThat(LocalDate.parse(file.getValue("parley.models.prices-as-of"))).isAfter(LocalDate.of(2026, 1, 1));
    }

    @Test
    void everyModelThatComesWithParleyHasAPrice() {
        List<String> models = file.getPropertyNames().stream()
                .filter(name -> name.startsWith("parley.models.chat.") && name.endsWith(".provider"))
                .map(name -> name.substring(0, name.length() - "provider".length()))
                .toList();

        assertThat(models).hasSizeGreaterThan(10).allSatisfy(model -> {
            assertThat(file.getValue(model + "price.input")).as(model).isNotNull();
            assertThat(file.getValue(model + "price.output")).as(model).isNotNull();
            boolean marksForTheCache = "true".equals(file.getValue(model + "prompt-caching"));
            assertThat(file.getValue(model + "price.cache-write") != null)
                    .as(model)
                    .isEqualTo(marksForTheCache);
        });
    }

    @Test
    void whateverElseSetsAPropertyWins() {
        assertThat(file.getOrdinal()).isLessThan(250);
    }
}
