package dev.parley.ingestion;

import static dev.parley.ingestion.Parsing.assertInvalid;
import static dev.parley.ingestion.Parsing.assertUnsupported;
import static dev.parley.ingestion.Parsing.parse;
import static dev.parley.ingestion.Parsing.texts;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextParserTest {

    @Test
    void paragraphsStandBetweenBlankLines() {
        assertThat(texts(parse("a.txt", "One\r\nand more.\r\n \r\n\r\nTwo.")))
                .containsExactly("One\nand more.", "Two.");
    }

    @Test
    void anEncodingIsFoundOut() {
        String text = "Grüße für 5 €";
        for (String charset : new String[] {"UTF-8", "windows-1252", "UTF-16"}) {
            assertThat(texts(parse("a.txt", text.getBytes(Charset.forName(charset)))))
                    .containsExactly(text);
        }
        byte[] withMark = ("\ufeff" + text).getBytes(StandardCharsets.UTF_8);
        assertThat(texts(parse("a.txt", withMark))).containsExactly(text);
    }

    @Test
    void textWithoutOrWithAnUnknownExtensionIsRead() {
        assertThat(texts(parse("Main.java", "class Main {}"))).containsExactly("class Main {}");
        assertThat(texts(parse("README", "Read me."))).containsExactly("Read me.");
    }

    @Test
    void whatADatabaseCannotHoldIsLeftOut() {
        assertThat(texts(parse("a.txt", "a\u0007b \u00adsoft e\u0301"))).containsExactly("ab soft \u00e9");
    }

    @Test
    void binaryContentIsRefused() {
        byte[] noise = new byte[10_000];
        new Random(1).nextBytes(noise);
        assertUnsupported("a.txt", noise, "not text", "Supported are");
        assertUnsupported("a.bin", new byte[] {1, 2, 3, 4, 5, 6, 7}, "not text");
    }

    @Test
    void imagesArchivesAndOldOfficeFilesGetAdvice() {
        assertUnsupported("a.png", new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10}, "PNG", "OCR");
        assertUnsupported("a.doc", new byte[] {(byte) 0xd0, (byte) 0xcf, 0x11, (byte) 0xe0, 0, 0}, "DOCX");
        assertUnsupported("a.xlsx", new byte[] {'P', 'K', 3, 4, 0, 0}, "CSV");
        assertUnsupported("a.zip", new byte[] {'P', 'K', 3, 4, 0, 0}, "Archives");
    }

    @Test
    void anEmptyFileOrOneOfSpaceFails() {
        assertInvalid("a.txt", new byte[0], "empty");
        assertInvalid("a.txt", " \n\t\r\n".getBytes(StandardCharsets.UTF_8), "no text");
    }

    @Test
    void aTextBeyondTheLimitFails() {
        var limit = Map.of("parley.ingestion.max-characters", "100");
        assertInvalid("a.txt", "x".repeat(101).getBytes(StandardCharsets.UTF_8), limit, "100", "Split");
        assertInvalid("a.txt", "x".repeat(1000).getBytes(StandardCharsets.UTF_8), limit, "100", "Split");
    }
}
