package dev.parley.ingestion;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts.FontName;

/// PDF files made for a test.
final class Pdfs {

    private Pdfs() {}

    /// A page for each text; an empty one stays blank.
    static byte[] of(String... pages) throws IOException {
        try (var pdf = new PDDocument()) {
            for (String page : pages) {
                addPage(pdf, page);
            }
            return save(pdf);
        }
    }

    static byte[] ofPages(int pages) throws IOException {
        try (var pdf = new PDDocument()) {
            for (int i = 1; i <= pages; i++) {
                addPage(pdf, "This is page " + i + ".");
            }
            return save(pdf);
        }
    }

    static byte[] encrypted(String page) throws IOException {
        try (var pdf = new PDDocument()) {
            addPage(pdf, page);
            var policy = new StandardProtectionPolicy("owner", "user", new AccessPermission());
            policy.setEncryptionKeyLength(128);
            pdf.protect(policy);
            return save(pdf);
        }
    }

    private static void addPage(PDDocument pdf, String text) throws IOException {
        PDFont font = new PDType1Font(FontName.HELVETICA);
        var page = new PDPage();
        pdf.addPage(page);
        if (text.isEmpty()) {
            return;
        }
        try (var content = new PDPageContentStream(pdf, page)) {
            content.beginText();
            content.setFont(font, 12);
            content.setLeading(14);
            content.newLineAtOffset(72, 700);
            for (String line : text.split("\n")) {
                content.showText(line);
                content.newLine();
            }
            content.endText();
        }
    }

    private static byte[] save(PDDocument pdf) throws IOException {
        var out = new ByteArrayOutputStream();
        pdf.save(out);
        return out.toByteArray();
    }
}
