package dev.parley.ingestion;

import static dev.parley.ingestion.Parsing.assertInvalid;
import static dev.parley.ingestion.Parsing.bytes;
import static dev.parley.ingestion.Parsing.kinds;
import static dev.parley.ingestion.Parsing.parse;
import static dev.parley.ingestion.Parsing.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.ingestion.Block.Kind;
import java.nio.charset.Charset;
import org.junit.jupiter.api.Test;

class HtmlParserTest {

    @Test
    void aPageIsReadWithoutItsMachinery() {
        var blocks = parse("a.html", """
                <!DOCTYPE html><html><head><title>Shop</title><style>p { color: red }</style></head><body>
                <nav><a href="/">Home</a></nav>
                <h1>Opening <em>hours</em></h1>
                <p>We open at <b>nine</b>.<br>On Sundays we do not.</p>
                <script>alert('x')</script>
                <ul><li>Tea</li><li><p>Coffee</p></li></ul>
                <table><tr><th>Item</th><th>Price</th></tr><tr><td>Tea</td><td>3</td></tr></table>
                <pre>line one
                  line two</pre>
                <footer>Imprint</footer></body></html>""");

        assertThat(texts(blocks))
                .containsExactly(
                        "Shop",
                        "Opening hours",
                        "We open at nine.\nOn Sundays we do not.",
                        "- Tea",
                        "- Coffee",
                        "Item | Price",
                        "Tea | 3",
                        "line one\n  line two");
        assertThat(kinds(blocks)).startsWith(Kind.HEADING, Kind.HEADING, Kind.PARAGRAPH, Kind.LIST_ITEM);
        assertThat(kinds(blocks)).endsWith(Kind.ROW, Kind.ROW, Kind.CODE);
        assertThat(blocks.getFirst().level()).isZero();
    }

    @Test
    void aLayoutTableIsNotARow() {
        assertThat(texts(parse("a.html", "<table><tr><td><p>One.</p><table><tr><td>a</td><td>b</td></tr></table>Two.")))
                .containsExactly("One.", "a | b", "Two.");
    }

    @Test
    void thePageSaysItsEncoding() {
        byte[] page = "<html><head><meta charset=\"iso-8859-2\"></head><body>ł</body></html>"
                .getBytes(Charset.forName("iso-8859-2"));

        assertThat(texts(parse("a.html", page))).containsExactly("ł");
    }

    @Test
    void htmlIsRecognisedWithoutAnExtension() {
        assertThat(texts(parse("page", "<!doctype html><p>Hi"))).containsExactly("Hi");
    }

    @Test
    void rightToLeftTextKeepsItsOrder() {
        assertThat(texts(parse("a.html", "<p dir=rtl>שלום <b>עולם</b></p>"))).containsExactly("שלום עולם");
    }

    @Test
    void absurdNestingDoesNoHarm() {
        assertThat(texts(parse("a.html", "<div>".repeat(50_000) + "deep"))).containsExactly("deep");
        assertThat(texts(parse("a.html", "<b><table><tr><td>".repeat(2_000) + "deep")))
                .containsExactly("deep");
    }

    @Test
    void aPageOfScriptsHasNoText() {
        assertInvalid("a.html", bytes("<html><script>let a = 1</script></html>"), "no text");
    }
}
