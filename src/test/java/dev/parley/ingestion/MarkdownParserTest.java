package dev.parley.ingestion;

import static dev.parley.ingestion.Parsing.kinds;
import static dev.parley.ingestion.Parsing.parse;
import static dev.parley.ingestion.Parsing.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.ingestion.Block.Kind;
import org.junit.jupiter.api.Test;

class MarkdownParserTest {

    @Test
    void headingsParagraphsListsAndCodeAreTold() {
        var blocks = parse("a.md", """
                # The *title*

                A **bold** word
                on two lines.

                ## Steps

                1. First
                2. Second
                   - nested

                ```java
                int i = 0;
                ```
                """);

        assertThat(kinds(blocks))
                .containsExactly(Kind.HEADING, Kind.PARAGRAPH, Kind.HEADING, Kind.PARAGRAPH, Kind.CODE);
        assertThat(blocks.getFirst().level()).isEqualTo(1);
        assertThat(blocks.get(2).level()).isEqualTo(2);
        assertThat(texts(blocks).getFirst()).isEqualTo("The title");
        assertThat(texts(blocks).get(1)).isEqualTo("A bold word\non two lines.");
        assertThat(texts(blocks).get(3))
                .contains("1. First")
                .contains("2. Second")
                .contains("- nested");
        assertThat(texts(blocks).getLast()).isEqualTo("int i = 0;");
    }

    @Test
    void linkTargetsTablesAndFrontMatterStay() {
        var texts = texts(parse("a.md", """
                ---
                author: Ann
                ---
                See [the form](https://example.com/form).

                | Name | Price |
                |------|-------|
                | Tea  | 3     |
                """));

        assertThat(texts.getFirst()).isEqualTo("author: Ann");
        assertThat(texts.get(1)).contains("the form").contains("https://example.com/form");
        assertThat(texts.getLast()).contains("Name").contains("| Tea  | 3     |");
    }

    @Test
    void htmlInItLosesItsTags() {
        assertThat(texts(parse("a.md", "<div><b>Hello</b> there</div>"))).containsExactly("Hello there");
    }

    @Test
    void absurdNestingDoesNoHarm() {
        assertThat(parse("a.md", "text\n\n" + "[".repeat(50_000))).isNotEmpty();
        try {
            parse("a.md", ">".repeat(100_000) + " deep");
        } catch (IngestionFailure tooDeep) {
            assertThat(tooDeep.reason()).contains("nested");
        }
    }
}
