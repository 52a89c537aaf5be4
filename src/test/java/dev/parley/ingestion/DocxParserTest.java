package dev.parley.ingestion;

import static dev.parley.ingestion.Parsing.assertInvalid;
import static dev.parley.ingestion.Parsing.parse;
import static dev.parley.ingestion.Parsing.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.ingestion.Block.Kind;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DocxParserTest {

    private static String paragraph(String style, String text) {
        return "<w:p><w:pPr><w:pStyle w:val=\"%s\"/></w:pPr><w:r><w:t>%s</w:t></w:r></w:p>".formatted(style, text);
    }

    @Test
    void headingsAreKnownByStyleWhateverItsIdIs() throws Exception {
        var blocks = parse(
                "a.docx",
                Docxs.of(paragraph("Titel", "Report")
                        + paragraph("berschrift1", "One")
                        + paragraph("Mine", "Two")
                        + paragraph("Outlined", "Three")
                        + paragraph("Normal", "Text.")));

        assertThat(texts(blocks)).containsExactly("Report", "One", "Two", "Three", "Text.");
        assertThat(blocks).extracting(Block::level).containsExactly(0, 1, 1, 3, 0);
        assertThat(blocks.getLast().kind()).isEqualTo(Kind.PARAGRAPH);
    }

    @Test
    void runsTabsBreaksListsAndTablesAreRead() throws Exception {
        var blocks = parse("a.docx", Docxs.of("""
                <w:p><w:r><w:t xml:space="preserve">Some </w:t></w:r><w:r><w:t>text</w:t><w:br/><w:t>broken</w:t></w:r></w:p>
                <w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>Item</w:t></w:r></w:p>
                <w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc>
                <w:tc><w:p><w:r><w:t>c</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"""));

        assertThat(texts(blocks)).containsExactly("Some text\nbroken", "- Item", "a b | c");
        assertThat(blocks).extracting(Block::kind).containsExactly(Kind.PARAGRAPH, Kind.LIST_ITEM, Kind.ROW);
    }

    @Test
    void deletedTextFieldCodesAndFallbacksStayOut() throws Exception {
        assertThat(texts(parse("a.docx", Docxs.of("""
                <w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:instrText>PAGE</w:instrText></w:r>
                <mc:AlternateContent><mc:Choice><w:r><w:t>once</w:t></w:r></mc:Choice>
                <mc:Fallback><w:r><w:t>once</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p>""")))).containsExactly("once");
    }

    @Test
    void aDamagedFileSaysSo() throws Exception {
        byte[] whole = Docxs.of(paragraph("Normal", "Text."));
        assertInvalid("a.docx", Arrays.copyOf(whole, whole.length / 2), "damaged");
        assertInvalid("a.docx", Docxs.of("<w:p><w:t>unclosed"), "damaged");
        assertInvalid("a.docx", Docxs.zip(Map.of("other.txt", new byte[3])), "not a DOCX");
        assertInvalid("a.docx", Docxs.bytes("no zip"), "named DOCX");
        assertInvalid("a.docx", Docxs.of(""), "no text");
    }

    @Test
    void entitiesAreNotResolved() throws Exception {
        var files = new LinkedHashMap<String, byte[]>();
        files.put("word/document.xml", Docxs.bytes("""
                <!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>
                <w:document xmlns:w="w"><w:p><w:r><w:t>a&x;b</w:t></w:r></w:p></w:document>"""));
        assertInvalid("a.docx", Docxs.zip(files), "damaged");
    }

    @Test
    void aZipBombIsNotInflated() throws Exception {
        var files = new LinkedHashMap<String, byte[]>();
        files.put("word/document.xml", new byte[20 * 1024 * 1024]);
        Arrays.fill(files.get("word/document.xml"), (byte) ' ');
        files.get("word/document.xml")[0] = '<';
        files.get("word/document.xml")[1] = 'a';
        assertInvalid("a.docx", Docxs.zip(files), Map.of("parley.ingestion.max-inflated", "10M"), "inflates");
    }

    @Test
    void anArchiveOfManyFilesIsRefused() throws Exception {
        var files = new LinkedHashMap<String, byte[]>();
        for (int i = 0; i < 20; i++) {
            files.put("word/" + i, new byte[0]);
        }
        assertInvalid("a.docx", Docxs.zip(files), Map.of("parley.ingestion.max-archive-entries", "10"), "more than 10");
    }
}
