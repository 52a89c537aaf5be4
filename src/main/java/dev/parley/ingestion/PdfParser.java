package dev.parley.ingestion;

import java.io.IOException;
import java.time.Duration;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.io.IOUtils;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;

/// PDF, page by page. What PDFBox decodes goes to temporary files, not to memory.
record PdfParser(int maxPages, Duration timeout, long maxInflated) implements Parser {

    @Override
    public void parse(Upload upload, DocumentBuilder document) throws IOException {
        PdfStreams.check(upload.path(), maxInflated);
        try (PDDocument pdf = Loader.loadPDF(upload.path().toFile(), IOUtils.createTempFileOnlyStreamCache())) {
            int pages = pdf.getNumberOfPages();
            if (pages > maxPages) {
                throw IngestionFailure.invalid(
                        "The PDF has %,d pages; at most %,d are read. Split it into smaller files."
                                .formatted(pages, maxPages));
            }
            new PdfText(document, timeout).read(pdf);
        } catch (InvalidPasswordException encrypted) {
            throw IngestionFailure.invalid("The PDF is encrypted. Save it without a password and upload that.");
        } catch (IngestionFailure known) {
            throw known;
        } catch (IOException | RuntimeException damaged) {
            // PDFBox meets damaged structures with any exception there is.
            throw IngestionFailure.invalid("The PDF is damaged and cannot be read. Try to save it anew as PDF.");
        }
        if (document.isEmpty()) {
            throw IngestionFailure.invalid(
                    "The PDF has no text in it; its pages are probably scans. Run OCR on it and upload the result.");
        }
    }
}
