package dev.parley.ingestion;

import static dev.parley.ingestion.Parsing.assertInvalid;
import static dev.parley.ingestion.Parsing.bytes;
import static dev.parley.ingestion.Parsing.parse;
import static dev.parley.ingestion.Parsing.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

class PdfParserTest {

    @Test
    void paragraphsKnowTheirPage() throws Exception {
        var blocks = parse("a.pdf", Pdfs.of("First page.", "Second page, with a hyphen-\nation."));

        assertThat(texts(blocks)).containsExactly("First page.", "Second page, with a hyphenation.");
        assertThat(blocks).extracting(Block::page).containsExactly(1, 2);
    }

    @Test
    void anEncryptedFileSaysSo() throws Exception {
        assertInvalid("a.pdf", Pdfs.encrypted("Secret."), "encrypted", "password");
    }

    @Test
    void pagesWithoutTextNeedOcr() throws Exception {
        assertInvalid("a.pdf", Pdfs.of("", ""), "no text", "OCR");
    }

    @Test
    void aDamagedFileSaysSo() throws Exception {
        byte[] whole = Pdfs.of("Some text.");
        assertInvalid("a.pdf", Arrays.copyOf(whole, 60), "damaged");
        assertInvalid("a.pdf", bytes("%PDF-1.7 and then nothing of the kind"), "damaged");
        assertInvalid("a.pdf", bytes("plain text"), "named PDF");
    }

    @Test
    void tenThousandPagesAreRefusedAtOnceOrReadInBoundedTime() throws Exception {
        byte[] pdf = Pdfs.ofPages(10_000);

        assertTimeout(Duration.ofSeconds(30), () -> assertInvalid("a.pdf", pdf, "10,000 pages", "Split"));
        var raised = Map.of("parley.ingestion.max-pages", "10000");
        assertThat(assertTimeout(Duration.ofSeconds(60), () -> parse("a.pdf", pdf, raised)))
                .hasSize(10_000);
    }

    @Test
    void aFileThatTakesTooLongIsGivenUp() throws Exception {
        assertInvalid("a.pdf", Pdfs.of("Text."), Map.of("parley.ingestion.parse-timeout", "0s"), "0 seconds");
    }

    @Test
    void aDecompressionBombIsNotInflated() throws Exception {
        var pdf = new ByteArrayOutputStream();
        pdf.write(bytes("%PDF-1.4\n1 0 obj\n<</Filter /FlateDecode>>\nstream\n"));
        try (var bomb = new DeflaterOutputStream(pdf)) {
            byte[] zeros = new byte[1024 * 1024];
            for (int i = 0; i < 20; i++) {
                bomb.write(zeros);
            }
        }

        assertInvalid(
                "a.pdf", pdf.toByteArray(), Map.of("parley.ingestion.max-inflated", "10M"), "inflates to more than");
    }

    /// Each keyword starts a zlib stream that holds all later ones and is broken at its very end.
    @Test
    void falseStreamsWithinFalseStreamsAreNotInflatedOverAndOver() throws Exception {
        var pdf = new ByteArrayOutputStream();
        pdf.write(bytes("%PDF-1.4\n"));
        for (int i = 0; i < 5_000; i++) {
            pdf.write(bytes("stream"));
            pdf.write(ZLIB_HEADER_AND_BLOCK_OF_EIGHT_BYTES);
        }
        pdf.write(bytes("stream"));
        pdf.write(ZLIB_HEADER_AND_RESERVED_BLOCK_TYPE);

        assertInvalid(
                "a.pdf", pdf.toByteArray(), Map.of("parley.ingestion.max-inflated", "1M"), "inflates to more than");
    }

    private static final byte[] ZLIB_HEADER_AND_BLOCK_OF_EIGHT_BYTES = {0x78, 0x01, 0, 8, 0, (byte) 0xf7, (byte) 0xff};

    private static final byte[] ZLIB_HEADER_AND_RESERVED_BLOCK_TYPE = {0x78, 0x01, 7};
}
