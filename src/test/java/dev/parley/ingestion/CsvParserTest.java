package dev.parley.ingestion;

import static dev.parley.ingestion.Parsing.parse;
import static dev.parley.ingestion.Parsing.texts;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CsvParserTest {

    @Test
    void eachRowSaysWhatItsValuesAre() {
        assertThat(texts(parse("a.csv", "name,price,note\nTea,3,\"hot, black\"\nCake,,\n")))
                .containsExactly("name: Tea\nprice: 3\nnote: hot, black", "name: Cake");
    }

    @Test
    void theSeparatorIsFoundOut() {
        for (String separator : new String[] {";", "\t", "|"}) {
            assertThat(texts(parse("a.csv", "a%1$sb\n1,5%1$s2\n".formatted(separator))))
                    .containsExactly("a: 1,5\nb: 2");
        }
    }

    @Test
    void raggedRowsAndNamelessColumnsAreRead() {
        assertThat(texts(parse("a.csv", "a,\n1,2,3\n"))).containsExactly("a: 1\nColumn 2: 2\nColumn 3: 3");
    }

    @Test
    void aHeaderAloneIsARow() {
        assertThat(texts(parse("a.csv", "a,b"))).containsExactly("a | b");
    }

    @Test
    void brokenQuotesDoNotLoseText() {
        assertThat(String.join("\n", texts(parse("a.csv", "a,b\n\"open,1\n2,\"x\"y\n"))))
                .contains("open", "x");
    }
}
